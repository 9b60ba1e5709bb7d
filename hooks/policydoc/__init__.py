"""Turns a folder of policies into everything that two editions of a website need. Knows nothing of MkDocs.

The road, in the order in which the data takes it:

    source      policy_src/*.md        -> front matter and lines             (metadata: front matter -> Metadata)
    lines       lines                  -> lines that know their number
    dialect     lines                  -> one element tree                   (Python-Markdown and one extension)
    places      tree                   -> sections and clauses, counted      (counting: order -> numbers)
    edition     full tree              -> that of the external edition
    references  links                  -> "clause 6.1", once all is counted  (links: address -> what is wrong with it)
    schedule    marks                  -> every change in words
    reading     blocks                 -> plain text, as amended or before
    article     tree                   -> the HTML that page and PDF share
    policy      one source             -> one Policy: all of the above
    council     the folder             -> all Policies of an edition, or all Problems

and from there: record (control sheet), register (the list), pdf (Typst), gate (the search for leaks),
publishing (the folder that readers see), events (what a build says), command (`policy build`, `policy check`).
"""
