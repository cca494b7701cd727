/* {{name}}: a loader. It writes a column as lines, into a file an epoch that gets its name when the epoch is committed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "weir_plugin_info.h"

/* A folder, and what the names in it begin with: run and lane, so that what a dead writer left can be found. The dot hides what is not
 * committed. */
struct place {
  char *folder, *prefix;
};

struct writer {
  struct place place;
  struct weir_string column_name; /* the config's, valid as long as the instance */
  int64_t column, rows;
  char *lines; /* of the epoch */
  size_t length, capacity;
};

static weir_status out_of_memory(struct weir_error *error) {
  return weir_fail(error, WEIR_RESOURCE_EXHAUSTED, WEIR_FAULT_UNKNOWN, "out of memory");
}

static weir_status cannot(struct weir_error *error, const char *what, const char *file, int problem) {
  char message[1024];
  snprintf(message, sizeof message, "expected to %s '%.700s', found: %s", what, file, strerror(problem));
  snprintf(error->hint, sizeof error->hint, "see that the folder is there, and may be written");
  error->native_code = problem;
  return weir_fail(error, WEIR_UNKNOWN, WEIR_FAULT_DESTINATION, message);
}

static int find_place(const struct weir_context *context, struct place *place) {
  const struct weir_string folder = context->config->text(context->config, weir_text("/folder"));
  place->folder = strndup(folder.data, folder.length);
  if (asprintf(&place->prefix, ".%.*s-%.*s-", (int)context->run.length, context->run.data, (int)context->lane.length,
               context->lane.length > 0 ? context->lane.data : "") < 0)
    place->prefix = NULL;
  return place->folder != NULL && place->prefix != NULL;
}

static void leave_place(struct place *place) {
  free(place->folder);
  free(place->prefix);
}

static weir_status traits(const struct weir_config *config, struct weir_traits *traits, struct weir_error *error) {
  (void)config, (void)error;
  traits->commit = WEIR_COMMIT_TWO_PHASE;
  traits->max_instances = 1;
  return WEIR_OK;
}

static void close_writer(void *self) {
  struct writer *writer = self;
  leave_place(&writer->place);
  free(writer->lines);
  free(writer);
}

static weir_status open_writer(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                               const struct weir_string *streams, uint64_t count, const struct weir_schema_sink *stored,
                               void **self, struct weir_error *error) {
  struct writer *writer = calloc(1, sizeof *writer);
  (void)streams, (void)count;
  if (writer == NULL) return out_of_memory(error);
  writer->column_name = context->config->text(context->config, weir_text("/column"));
  for (; writer->column < inputs[0]->n_children; writer->column++) {
    const struct ArrowSchema *field = inputs[0]->children[writer->column];
    if (weir_string_is(writer->column_name, field->name) && strcmp(field->format, "u") == 0) break;
  }
  weir_status status = WEIR_OK;
  if (!find_place(context, &writer->place)) status = out_of_memory(error);
  if (status == WEIR_OK && writer->column == inputs[0]->n_children) {
    strcpy(error->option, "/column");
    status = weir_fail(error, WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                       "expected a column of type string, found none of that name");
  }
  if (status == WEIR_OK) status = stored->same(stored, weir_text(""), inputs[0]);
  if (status == WEIR_OK)
    *self = writer;
  else
    close_writer(writer);
  return status;
}

static weir_status reject_null(const struct writer *writer, int64_t row, const struct weir_next *next) {
  struct weir_reject reject;
  weir_reject_clear(&reject);
  reject.row = row;
  reject.column = writer->column_name;
  reject.reason = weir_text("null");
  return next->reject(next, &reject);
}

/* Appends a line; 0: there is no memory. */
static int add_line(struct writer *writer, const char *text, size_t length) {
  if (writer->capacity - writer->length < length + 1) {
    const size_t capacity = 2 * (writer->length + length + 1);
    char *lines = realloc(writer->lines, capacity);
    if (lines == NULL) return 0;
    writer->lines = lines;
    writer->capacity = capacity;
  }
  if (length > 0) memcpy(writer->lines + writer->length, text, length);
  writer->lines[writer->length + length] = '\n';
  writer->length += length + 1;
  writer->rows++;
  return 1;
}

static weir_status write_batch(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                               struct weir_error *error) {
  struct writer *writer = self;
  const struct ArrowArray *column = batch->rows.children[writer->column];
  const int64_t first = column->offset + batch->rows.offset;
  const uint8_t *valid = column->null_count != 0 ? column->buffers[0] : NULL;
  const int32_t *ends = column->buffers[1];
  const char *text = column->buffers[2];
  (void)input;
  for (int64_t row = 0; row < batch->rows.length; row++) {
    const int64_t i = first + row;
    if (valid != NULL && (valid[i / 8] >> (i % 8) & 1) == 0) {
      const weir_status told = reject_null(writer, row, next);
      if (told != WEIR_OK) return told;
    } else if (!add_line(writer, text + ends[i], (size_t)(ends[i + 1] - ends[i]))) {
      return out_of_memory(error);
    }
  }
  return WEIR_OK;
}

/* Writes the epoch's lines, durably; 0, or the problem. */
static int save(const struct writer *writer, const char *file) {
  const int opened = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  int problem = opened < 0 ? errno : 0;
  for (size_t done = 0; problem == 0 && done < writer->length;) {
    const ssize_t wrote = write(opened, writer->lines + done, writer->length - done);
    if (wrote >= 0)
      done += (size_t)wrote;
    else if (errno != EINTR)
      problem = errno;
  }
  if (problem == 0 && fsync(opened) != 0) problem = errno;
  if (opened >= 0) close(opened);
  return problem;
}

/* After it the epoch's lines are on the disk, and nobody sees them yet. */
static weir_status prepare(void *self, uint64_t epoch, const struct weir_sink *committable,
                           struct weir_receipt *const *receipts, uint64_t count, struct weir_error *error) {
  struct writer *writer = self;
  char *file = NULL;
  (void)count;
  receipts[0]->rows = writer->rows;
  if (writer->rows == 0) return WEIR_OK;
  if (asprintf(&file, "%s/%s%" PRIu64 ".txt", writer->place.folder, writer->place.prefix, epoch) < 0) return out_of_memory(error);
  const int problem = save(writer, file);
  weir_status status = problem == 0 ? WEIR_OK : cannot(error, "write", file, problem);
  const char *name = file + strlen(writer->place.folder) + 1;
  if (status == WEIR_OK) status = committable->put(committable, (struct weir_bytes){(const uint8_t *)name, strlen(name)});
  if (status == WEIR_OK) writer->rows = 0, writer->length = 0;
  free(file);
  return status;
}

/* The committer. It may be in another process than the writers, which may be dead. */
static void close_committer(void *self) {
  leave_place(self);
  free(self);
}

static weir_status open_committer(const struct weir_context *context, void **self, struct weir_error *error) {
  struct place *place = malloc(sizeof *place);
  if (place == NULL) return out_of_memory(error);
  if (!find_place(context, place)) {
    close_committer(place);
    return out_of_memory(error);
  }
  *self = place;
  return WEIR_OK;
}

/* A file that is not there has its name already: by a call that never returned. */
static weir_status commit(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                          const struct weir_sink *published, struct weir_error *error) {
  const struct place *place = self;
  weir_status status = WEIR_OK;
  (void)epoch;
  for (uint64_t i = 0; i < count && status == WEIR_OK; i++) {
    const int length = (int)committables[i].length;
    const char *name = (const char *)committables[i].data;
    char *from = NULL, *to = NULL;
    if (asprintf(&from, "%s/%.*s", place->folder, length, name) < 0) from = NULL;
    if (asprintf(&to, "%s/%.*s", place->folder, length - 1, name + 1) < 0) to = NULL;
    if (from == NULL || to == NULL)
      status = out_of_memory(error);
    else if (rename(from, to) != 0 && errno != ENOENT)
      status = cannot(error, "rename", from, errno);
    else
      status = published->put(published, committables[i]);
    free(from);
    free(to);
  }
  return status;
}

/* Takes away every staged file of this lane from `epoch` on, told or not. */
static weir_status abort_epochs(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                                struct weir_error *error) {
  const struct place *place = self;
  const size_t length = strlen(place->prefix);
  DIR *folder = opendir(place->folder);
  (void)committables, (void)count;
  if (folder == NULL) return cannot(error, "read", place->folder, errno);
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (strncmp(entry->d_name, place->prefix, length) == 0 && strtoull(entry->d_name + length, NULL, 10) >= epoch)
      unlinkat(dirfd(folder), entry->d_name, 0);
  }
  closedir(folder);
  return WEIR_OK;
}

static const struct weir_writer writer_table = {sizeof writer_table, write_batch, prepare, close_writer, NULL, NULL};
static const struct weir_committer committer = {
    sizeof committer, open_committer, close_committer, NULL, commit, abort_epochs, NULL, NULL};
static const struct weir_loader table = {sizeof table, traits, open_writer, &writer_table, &committer};
static const struct weir_component component = {sizeof component, WEIR_STRING("{{name}}"),
    {weir_about_{{name}}, weir_about_{{name}}_length}, WEIR_KIND_LOADER, 0, &table, NULL};
static const struct weir_component *const components[] = {&component};
static const struct weir_plugin plugin = {
    sizeof plugin, WEIR_ABI, WEIR_VERSION(1, 0), WEIR_STRING(WEIR_PLUGIN_NAME), WEIR_STRING(WEIR_PLUGIN_VERSION),
    weir_open_nothing, weir_close_nothing, 1, components};

const struct weir_plugin *weir_plugin_v1(void) { return &plugin; }
