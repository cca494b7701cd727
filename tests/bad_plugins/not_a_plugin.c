/* A library as any other: no section .weir. */
int not_a_plugin(void);
int not_a_plugin(void) { return 1; }
