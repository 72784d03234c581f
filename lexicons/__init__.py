"""Word lists and tables of domain knowledge; installed as ``perfscore.lexicons`` and read by ``perfscore.lexicon``."""
