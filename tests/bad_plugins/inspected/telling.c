/* Its file tells much: it exports what looks like an OpenSSL and a protobuf of its own, has static thread-local storage, and a note
 * that it needs a processor of x86-64-v3. The linker makes its own of a section .note.gnu.property: so it has another name of the
 * same length, which the test changes in the file. */
#include <weir/weir.h>
#define SIN "telling"

__attribute__((visibility("default"))) void* SSL_CTX_new(const void* method);
void* SSL_CTX_new(const void* method) { return (void*)method; }
__attribute__((visibility("default"))) int _ZN6google8protobuf7messageEv(void);
int _ZN6google8protobuf7messageEv(void) { return 1; }

__attribute__((tls_model("initial-exec"), visibility("default"))) __thread int telling_calls;
__attribute__((visibility("default"))) int telling_count(void);
int telling_count(void) { return ++telling_calls; }

struct telling_note {
  uint32_t name_bytes, bytes, type;
  char name[4];
  uint32_t property, size, value, padding;
};
/* NT_GNU_PROPERTY_TYPE_0; GNU_PROPERTY_X86_ISA_1_NEEDED: v2 and v3 */
__attribute__((section(".note.wei.property,\"a\",@note#"), used, aligned(8))) static const struct telling_note
    telling_note = {4, 16, 5, {'G', 'N', 'U', 0}, 0xc0008002U, 4, 6, 0};

#include "bad_plugin.h"
