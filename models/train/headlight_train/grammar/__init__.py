"""The bilingual grammar: English sentences of software with their 简体中文, made by rule.

`words` reads the lexicon (`lexicon/*.tsv`), `pattern` the sentence frames (`frames/*.txt`,
whose notation it describes), `nounphrase` builds noun phrases, `split` holds words and frames
back for the tests, and `generate` puts it all together.
"""
