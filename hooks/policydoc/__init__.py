"""Policies in, everything that the two editions of a website need out. Knows nothing of MkDocs.

The rooms, from the ground up. What stands in one imports from those above it in this list, never from those below:

    contents    any file                    -> the texts in it, or why it is refused
    model       the Document, and what can be asked of it: readings, amendments, outline, comparison, addresses
    source      bytes of policy_src/        -> a Document, or all that is wrong with it
    history     policy_src/archive/, Git    -> what was, and when
    editions    a full Document             -> that of an edition, its references resolved; all policies of a council
    outputs     a policy of an edition      -> files; and the proof of what is finished
    amending    the text of a policy        -> another text: accepted, rejected, marked
    checking    all policies                -> all that is wrong or suspicious, without building
    comparing   two revisions               -> what was done, in clauses
    commands    one module for each verb of `policy`

The road of one policy, in the order in which the data takes it:

    source.policy_files     a file      -> front matter and lines       front_matter: -> Metadata; value_kinds
    source.line_numbers     lines       -> lines that know their number
    source.dialect          lines       -> one element tree             tables, definitions
    source.walk             tree        -> sections and clauses         blocks, clean_words, attributes; numbering
    source.build            tree        -> the Document                 model.document says what that is
    source.parse            a source    -> its Document and problems    (the four above; no text is read twice)
    editions.withhold       Document    -> that of the external edition
    editions.references     links       -> "clause 6.1", once all is counted
    editions.policy         a source    -> one Policy of an edition     model.missing: what a reading leaves out whole
    editions.version_table  the archive -> the versions that a policy tells of, and which is in force
    editions.council        the folder  -> all Policies of an edition, or all Problems
    editions.kept_versions  the archive -> each version as a Policy     kept_text: of texts that nobody can mend
    outputs.kept_files      versions    -> all files of them, or those that an earlier build has made
    outputs.html            Document    -> the article of its page      html_words: its runs
    outputs.print_data      Document    -> what Typst prints            print_words: its runs; outputs.pdf: -> the PDFs
    outputs.amendment_paper Policy      -> the paper to vote on         model.affected_text: both sides of it
    outputs.data            Policy      -> its JSON                     outputs.schemas: the shape of that

The leak gate shares nothing with that road but the files it looks into: editions.secrets reads the source's own lines,
outputs.own_words what the program prints of itself, contents.any_file what a finished file holds, and
outputs.leak_gate names every leak.

What all rooms share stands beside them: messages (every message, in one table) and problems, events (what a build
says), settings (mkdocs.yml; the only one of these that knows front matter), slips and yaml_depth (YAML as people write
it), clock, cache, garbage, writing (files: all or none).
"""
