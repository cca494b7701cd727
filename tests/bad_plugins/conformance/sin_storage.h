/* A storage of the files whose path begins as the option `path` says: NAME.staged.FENCE until NAME. FROM: what is opened to be
 * written, of `staged` and `name`; WRITTEN: the byte that is written for `byte`; COMMITTING, ABORTING, SWEEPING; TOLD_BYTES: of stat;
 * VERSIONS: whether it looks at them; MISSING: the status of what is not there; LISTED: how often each is told; COMPARES: whether what
 * is replaced must have the version; COUNTED: whether its next one is another. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <weir/ext/draft/conditional.h>
#define KIND WEIR_KIND_STORAGE
#define KIND_NAME "storage"
#include "sin_memory.h"
#include "sin_path.h"

#ifndef FROM
#define FROM staged
#endif
#ifndef WRITTEN
#define WRITTEN byte
#endif
#ifndef COMMITTING
#define COMMITTING
#endif
#ifndef ABORTING
#define ABORTING
#endif
#ifndef SWEEPING
#define SWEEPING
#endif
#ifndef TOLD_BYTES
#define TOLD_BYTES facts.st_size
#endif
#ifndef VERSIONS
#define VERSIONS 1
#endif
#ifndef MISSING
#define MISSING WEIR_NOT_FOUND
#endif
#ifndef LISTED
#define LISTED 1
#endif
#ifndef COMPARES
#define COMPARES 1
#endif
#ifndef COUNTED
#define COUNTED 1
#endif

struct reading {
  struct weir_input input;
  FILE *file;
};
struct writing {
  struct weir_output output;
  FILE *file;
  char staged[600];
};

static inline void text_to(char *text, const void *data, uint64_t length) { snprintf(text, 600, "%.*s", (int)length, (const char *)data); }

static weir_status missing(struct weir_error *error) { return weir_fail(error, MISSING, WEIR_FAULT_SOURCE, "expected a file"); }

static unsigned replaced; /* how often, and with it the version of all */
static void version_of(char *text) { snprintf(text, 24, "%u", replaced + 1); }

static weir_status tell_file(const char *name, const struct weir_object_sink *sink, int asked, struct weir_error *error) {
  struct weir_object object;
  struct stat facts;
  char version[24];
  if (stat(name, &facts) != 0) return missing(error);
  memset(&object, 0, sizeof object);
  object.size = sizeof object;
  object.name = weir_text(name);
  version_of(version);
  object.version = weir_text(version);
  object.bytes = asked ? TOLD_BYTES : facts.st_size;
  return sink->put(sink, &object);
}
static weir_status sin_create(const struct weir_context *context, void **self, struct weir_error *error) {
  (void)context, (void)error;
  *self = NULL;
  return WEIR_OK;
}
static void sin_destroy(void *self) { (void)self; }
static weir_status sin_list(void *self, struct weir_string prefix, struct weir_string after, const struct weir_object_sink *objects,
                            struct weir_error *error) {
  char name[600], last[600];
  weir_status status = WEIR_OK;
  int time;
  (void)self;
  text_to(name, prefix.data, prefix.length);
  text_to(last, after.data, after.length);
  for (time = 0; status == WEIR_OK && time < LISTED && strcmp(name, last) > 0; time++) status = tell_file(name, objects, 0, error);
  return status;
}
static weir_status sin_stat(void *self, struct weir_string name, const struct weir_object_sink *object, struct weir_error *error) {
  char text[600];
  (void)self;
  text_to(text, name.data, name.length);
  return tell_file(text, object, 1, error);
}
static weir_status sin_read(const struct weir_input *input, int64_t deadline, uint8_t *buffer, uint64_t capacity, uint64_t *got,
                            int32_t *outcome, struct weir_error *error) {
  (void)deadline, (void)error;
  *got = fread(buffer, 1, capacity, ((const struct reading *)input)->file);
  *outcome = *got == 0 ? WEIR_READ_END : WEIR_READ_MORE;
  return WEIR_OK;
}
static void sin_close_input(const struct weir_input *input) {
  fclose(((const struct reading *)input)->file);
  free((void *)(uintptr_t)input);
}
static void cancel_input(const struct weir_input *input) { (void)input; }
static weir_status sin_open_read(void *self, struct weir_string name, struct weir_string version, const struct weir_input **input,
                                 struct weir_error *error) {
  struct reading *made;
  char text[600], now[24];
  FILE *file;
  (void)self;
  text_to(text, name.data, name.length);
  version_of(now);
  if (VERSIONS && version.length != 0 && !weir_string_is(version, now))
    return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_SOURCE, "expected another version");
  file = fopen(text, "r");
  if (file == NULL) return missing(error);
  made = calloc(1, sizeof *made);
  if (made == NULL) {
    fclose(file);
    return no_memory(error);
  }
  made->input.size = sizeof made->input;
  made->input.length = -1;
  made->input.read = sin_read;
  made->input.close = sin_close_input;
  made->input.cancel = cancel_input;
  made->file = file;
  *input = &made->input;
  return WEIR_OK;
}
static weir_status sin_write(const struct weir_output *output, struct weir_bytes bytes, struct weir_error *error) {
  FILE *file = ((const struct writing *)output)->file;
  uint64_t i;
  (void)error;
  for (i = 0; i < bytes.length; i++) {
    const uint8_t byte = bytes.data[i];
    fputc(WRITTEN, file);
  }
  return WEIR_OK;
}
static weir_status sin_prepare(const struct weir_output *output, const struct weir_sink *committable, struct weir_receipt *receipt,
                               struct weir_error *error) {
  const struct writing *self = (const struct writing *)output;
  struct weir_bytes bytes = {(const uint8_t *)self->staged, strlen(self->staged)};
  (void)receipt, (void)error;
  fflush(self->file);
  return committable->put(committable, bytes);
}
static void sin_close_output(const struct weir_output *output) {
  fclose(((const struct writing *)output)->file);
  free((void *)(uintptr_t)output);
}
static void cancel_output(const struct weir_output *output) { (void)output; }
static weir_status sin_open_write(void *self, const struct weir_context *context, struct weir_string object, uint64_t epoch,
                                  struct weir_bytes resume, const struct weir_output **output, struct weir_error *error) {
  char name[600], staged[640];
  FILE *file;
  struct writing *made;
  (void)self, (void)epoch, (void)resume;
  text_to(name, object.data, object.length);
  snprintf(staged, sizeof staged, "%.580s.staged.%d", name, (int)context->fence);
  file = fopen(FROM, "w");
  if (file == NULL) return missing(error);
  made = calloc(1, sizeof *made);
  if (made == NULL) {
    fclose(file);
    return no_memory(error);
  }
  made->output.size = sizeof made->output;
  made->output.write = sin_write;
  made->output.prepare = sin_prepare;
  made->output.close = sin_close_output;
  made->output.cancel = cancel_output;
  made->file = file;
  snprintf(made->staged, sizeof made->staged, "%.599s", staged);
  *output = &made->output;
  return WEIR_OK;
}
static weir_status sin_commit(void *self, struct weir_bytes committable, struct weir_error *error) {
  char staged[600], name[600];
  (void)self;
  text_to(staged, committable.data, committable.length);
  text_to(name, staged, strlen(staged));
  if (strstr(name, ".staged.") != NULL) *strstr(name, ".staged.") = 0;
  COMMITTING;
  if (rename(staged, name) != 0 && errno != ENOENT) return missing(error);
  return WEIR_OK;
}
static weir_status sin_abort(void *self, struct weir_bytes committable, struct weir_error *error) {
  char staged[600];
  (void)self, (void)error;
  ABORTING;
  text_to(staged, committable.data, committable.length);
  unlink(staged);
  return WEIR_OK;
}
static weir_status sin_sweep(void *self, const struct weir_context *context, const struct weir_bytes *keep, uint64_t count,
                             struct weir_error *error) {
  char path[512], staged[600];
  int fence;
  (void)self, (void)error;
  SWEEPING;
  path_of(context, path, sizeof path);
  for (fence = 0; fence < (int)context->fence; fence++) {
    int kept = 0;
    uint64_t i;
    snprintf(staged, sizeof staged, "%s.staged.%d", path, fence);
    for (i = 0; i < count; i++) kept |= keep[i].length == strlen(staged) && memcmp(keep[i].data, staged, keep[i].length) == 0;
    if (!kept) unlink(staged);
  }
  return WEIR_OK;
}
static weir_status sin_replace(void *self, struct weir_string name, struct weir_bytes bytes, struct weir_string expected,
                               const struct weir_object_sink *object, struct weir_error *error) {
  char text[600], version[24];
  FILE *file;
  (void)self;
  text_to(text, name.data, name.length);
  version_of(version);
  if (COMPARES && !weir_string_is(expected, access(text, F_OK) == 0 ? version : ""))
    return weir_fail(error, WEIR_FAILED_PRECONDITION, WEIR_FAULT_DESTINATION, "expected another version");
  file = fopen(text, "w");
  if (file == NULL) return missing(error);
  fwrite(bytes.data, 1, bytes.length, file);
  fclose(file);
  replaced += COUNTED;
  return tell_file(text, object, 1, error);
}
static const void *sin_extension(struct weir_string id) {
  static const struct weir_conditional table = {sizeof table, sin_replace};
  return weir_string_is(id, WEIR_CONDITIONAL) ? &table : NULL;
}
#ifndef EXTENSION
#define EXTENSION sin_extension
#endif
static weir_status sin_remove(void *self, struct weir_string name, struct weir_error *error) {
  char text[600];
  (void)self;
  text_to(text, name.data, name.length);
  return unlink(text) == 0 ? WEIR_OK : missing(error);
}
static const struct weir_storage sin_table = {sizeof sin_table, sin_create, sin_destroy, sin_list,  sin_stat,   sin_open_read,
                                              sin_open_write,   sin_commit, sin_abort,   sin_sweep, sin_remove, NULL};
#include "sin_plugin.h"
