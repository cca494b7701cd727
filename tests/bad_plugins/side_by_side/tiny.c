/* A library that is built in two versions, with state of its own. */
int tiny_version(void);
int tiny_calls;
int tiny_version(void) {
  tiny_calls++;
  return TINY_VERSION * 100 + tiny_calls;
}
