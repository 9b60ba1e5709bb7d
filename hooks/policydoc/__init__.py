"""Turns a folder of policies into everything that two editions of a website need. Knows nothing of MkDocs.

The road, in the order in which the data takes it:

    source      policy_src/*.md        -> front matter and lines             metadata: front matter -> Metadata
    lines       lines                  -> lines that know their number
    dialect     lines                  -> one element tree                   Python-Markdown and one extension
    places      tree                   -> sections and clauses, counted      words, attributes, spacing: what is in them
                                                                             counting: order -> numbers
    secrets     full tree              -> what must stay inside, and what need not
    edition     full tree              -> that of the external edition
    references  links                  -> "clause 6.1", once all is counted  links: address -> what is wrong with it
    schedule    marks                  -> every change in words
    reading     blocks                 -> plain text, as amended or before
    article     tree                   -> the HTML that page and PDF share
    policy      one source             -> one Policy: all of the above       images: its files
    council     the folder             -> all Policies of an edition, or all Problems

and from there: record (what is printed round an article), register (the list), page and citations (what a web page
adds), pdf and cache (Typst), gate and pdf_text (the search for leaks), publishing (the folder that readers see), events
(what a build says), messages (messages.toml: all that can be wrong, as one table), settings (mkdocs.yml), command and
handbook (`policy build`, `policy check`, `policy handbook`).
"""
