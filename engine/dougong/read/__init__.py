"""YAML files → written values (`dougong_dsl.sentences.written`) that know file, line and column."""
