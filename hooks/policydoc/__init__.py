"""Turns a folder of policies into everything that two editions of a website need. Knows nothing of MkDocs.

The road, in the order in which the data takes it:

    source      policy_src/*.md        -> front matter and lines             metadata: front matter -> Metadata
    lines       lines                  -> lines that know their number
    dialect     lines                  -> one element tree                   Python-Markdown and one extension
                                                                             tables: rows, and what is behind them
                                                                             definitions: what was defined in vain
    places      tree                   -> sections and clauses, counted      words, attributes, spacing: what is in them
                                                                             counting: order -> numbers
    walked      source                 -> its tree, its places, its problems (the three lines above)
    edition     full tree              -> that of the external edition
    references  links                  -> "clause 6.1", once all is counted  links: address -> what is wrong with it
                                                                             ties: what a policy refers to and offers
    schedule    marks                  -> every change in words
    reading     blocks                 -> plain text, as amended or before
    unnumbered  tree                   -> the words outside sections and clauses
    article     tree                   -> the HTML that page and PDF share   missing: what a reading leaves out whole
    policy      one source             -> one Policy: all of the above       images: its files
    council     the folder             -> all Policies of an edition, or all Problems

What an author may mean and did not write is told on the way: near_misses and unread (signs), labels (typed numbers),
slips (front matter), nesting and limits (too deep, too much), agreement (what the council requires), names (what no
disk takes).

From there to what readers get: record (what is printed round an article), register (the list), page and citations
(what a web page adds), pdf and typesetting (Typst) with cache, logo, publishing (the folder that readers see), card
(the editors' card of marks), events (what a build says).

The leak gate shares nothing with that road but the files it looks into:

    second_reading, bare_words  a policy's lines    -> its blocks and words once more, by code of its own
    secrets                     policy_src/*.md     -> what must stay inside, and what may be read by all
    own_words                   templates, modules  -> what the program prints of itself
    contents                    any file            -> its texts: kinds, archives, xml_text, pdf_text, pictures …
    gate                        a finished edition  -> every leak

and before it docs (what may lie in docs/), markup (what a page may hold), html_comments.

Beside the road, for those who edit:

    amending    blocks, marks          -> where the marks are in the text itself
                approval, rewriting    -> accepted or rejected, and proved
                redline, wording       -> the marks between two versions    departure: what differs without any
                frontmatter, drafting  -> front matter rewritten; a new policy's text
    checking    inspection             -> all problems of both editions     suspicion, prose: what looks wrong
    comparing   revisions, versions    -> the policies at two revisions in Git
                provisions, pairing, judgement, difference, comparison      -> what was done, and by what right
                report, terminal, pull_request                              -> the same in words
    commands    one module for each verb of `policy`

and what many share: messages (every message, in one table) and problems, settings (mkdocs.yml), archive (the approved
versions that are kept), outline (what a reading says, to prove that two texts say the same), alignment (which passage
was which), reviews (what is due), files.
"""
