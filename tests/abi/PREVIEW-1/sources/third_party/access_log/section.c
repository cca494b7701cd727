/* The section .weir of the binary: schema.json behind its brace, with the ABI, to be read without running anything. */
__asm__(
    ".pushsection .weir,\"aR\",@progbits\n"
    ".ascii \"{\\\"abi\\\":\\\"1.0\\\",\\\"needs_abi\\\":\\\"1.0\\\",\\\"preview\\\":1,\\\"sdk\\\":\\\"0.1.0\\\",\"\n"
    ".incbin \"schema.json\",1\n"
    ".popsection\n");
