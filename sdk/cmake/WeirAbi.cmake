# How the text of a section .weir begins, behind its brace. Made of the C headers by tests/abi/make_bindings.py: do not edit.
set(WEIR_INFO_HEAD_ "\"abi\":\"1.0\",\"needs_abi\":\"1.0\",\"preview\":1")
