#include "glue.h"

#include "_cgo_export.h"

/* Functions of an instance: `self` holds the handle of a Go value. */
static void close_instance(void *self) { goClose(self); }
static void cancel_instance(void *self) { goCancel(self); }
static weir_status process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                           struct weir_error *error) {
  return goProcess(self, input, batch, (struct weir_next *)next, error);
}
static weir_status flush(void *self, uint64_t input, int32_t why, const struct weir_next *next, struct weir_error *error) {
  return goFlush(self, input, why, (struct weir_next *)next, error);
}
static weir_status read_rows(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome,
                             struct weir_error *error) {
  return goRead(self, deadline, (struct weir_next *)next, outcome, error);
}
static weir_status position(void *self, const struct weir_sink *sink, struct weir_error *error) {
  return goPosition(self, (struct weir_sink *)sink, error);
}
static weir_status acknowledge(void *self, struct weir_bytes at, struct weir_error *error) {
  return goAcknowledge(self, at, error);
}
static weir_status write_rows(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                              struct weir_error *error) {
  return goWrite(self, input, batch, (struct weir_next *)next, error);
}
static weir_status prepare(void *self, uint64_t epoch, const struct weir_sink *committable,
                           struct weir_receipt *const *receipts, uint64_t count, struct weir_error *error) {
  return goPrepare(self, epoch, (struct weir_sink *)committable, (struct weir_receipt **)receipts, count, error);
}
static weir_status commit_epoch(void *self, uint64_t epoch, struct weir_error *error) {
  return goCommitEpoch(self, epoch, error);
}
static weir_status last_committed(void *self, uint64_t *epoch, struct weir_error *error) {
  return goLastCommitted(self, epoch, error);
}
static weir_status publish(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                           const struct weir_sink *published, struct weir_error *error) {
  return goPublish(self, epoch, (struct weir_bytes *)committables, count, (struct weir_sink *)published, error);
}
static weir_status abort_epochs(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                                struct weir_error *error) {
  return goAbort(self, epoch, (struct weir_bytes *)committables, count, error);
}
static weir_status finish(void *self, int32_t complete, const struct weir_bytes *published, uint64_t count,
                          struct weir_error *error) {
  return goFinish(self, complete, (struct weir_bytes *)published, count, error);
}
static weir_status encode(void *self, struct weir_batch *batch, const struct weir_next *next, struct weir_error *error) {
  return goEncode(self, batch, (struct weir_next *)next, error);
}
static weir_status end_encoder(void *self, struct weir_error *error) { return goEnd(self, error); }
static weir_status flush_encoder(void *self, struct weir_error *error) { return goFlushEncoder(self, error); }

static weir_status snapshot(void *self, const struct weir_state_sink *changes, struct weir_error *error) {
  return goSnapshot(self, (struct weir_state_sink *)changes, error);
}
static weir_status restore(void *self, const struct weir_bytes *keys, const struct weir_bytes *values, uint64_t count, int32_t last,
                           struct weir_error *error) {
  return goRestore(self, (struct weir_bytes *)keys, (struct weir_bytes *)values, count, last, error);
}

static int is(struct weir_string id, struct weir_string wanted) {
  return id.length == wanted.length && memcmp(id.data, wanted.data, id.length) == 0;
}
static const void *state_extension(struct weir_string id) {
  static const struct weir_state table = {sizeof table, snapshot, restore, NULL};
  return is(id, weir_text(WEIR_STATE)) ? &table : NULL;
}
void weir_go_offer_state(struct weir_component *component) { component->extension = state_extension; }

/* Functions without one. */
#define SLOT(n)                                                                                                        \
  static weir_status transformer_traits_##n(const struct weir_config *c, struct weir_traits *t, struct weir_error *e) { \
    return goTraits(WEIR_KIND_TRANSFORMER, n, (struct weir_config *)c, t, e);                                          \
  }                                                                                                                    \
  static weir_status extractor_traits_##n(const struct weir_config *c, struct weir_traits *t, struct weir_error *e) {   \
    return goTraits(WEIR_KIND_EXTRACTOR, n, (struct weir_config *)c, t, e);                                            \
  }                                                                                                                    \
  static weir_status loader_traits_##n(const struct weir_config *c, struct weir_traits *t, struct weir_error *e) {      \
    return goTraits(WEIR_KIND_LOADER, n, (struct weir_config *)c, t, e);                                               \
  }                                                                                                                    \
  static weir_status create_##n(const struct weir_context *c, const struct ArrowSchema *const *inputs,                 \
                                const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs, \
                                void **self, struct weir_error *e) {                                                   \
    (void)names;                                                                                                       \
    return goCreate(n, (struct weir_context *)c, (struct ArrowSchema **)inputs, count,                                 \
                    (struct weir_schema_sink *)outputs, self, e);                                                      \
  }                                                                                                                    \
  static weir_status plan_##n(const struct weir_context *c, struct weir_bytes state, const struct weir_plan *plan,     \
                              int32_t *more, struct weir_error *e) {                                                   \
    return goPlan(n, (struct weir_context *)c, state, (struct weir_plan *)plan, more, e);                              \
  }                                                                                                                    \
  static weir_status open_split_##n(const struct weir_context *c, const struct weir_split *split, struct weir_bytes at, \
                                    const struct weir_schema_sink *schema, void **self, struct weir_error *e) {        \
    return goOpenSplit(n, (struct weir_context *)c, (struct weir_split *)split, at, (struct weir_schema_sink *)schema,  \
                       self, e);                                                                                       \
  }                                                                                                                    \
  static weir_status open_split_wanted_##n(const struct weir_context *c, const struct weir_split *split, struct weir_bytes at, \
                                           const struct weir_wanted *const *wanted, uint64_t count,                    \
                                           const struct weir_schema_sink *schema, void **self, struct weir_error *e) { \
    return goOpenSplitWanted(n, (struct weir_context *)c, (struct weir_split *)split, at, (struct weir_wanted **)wanted, \
                             count, (struct weir_schema_sink *)schema, self, e);                                       \
  }                                                                                                                    \
  static const void *extractor_extension_##n(struct weir_string id) {                                                  \
    static const struct weir_pushdown table = {sizeof table, open_split_wanted_##n, NULL};                             \
    return is(id, weir_text(WEIR_PUSHDOWN)) ? &table : NULL;                                                           \
  }                                                                                                                    \
  static weir_status open_writer_##n(const struct weir_context *c, const struct ArrowSchema *const *inputs,            \
                                     const struct weir_string *streams, uint64_t count,                                \
                                     const struct weir_schema_sink *stored, void **self, struct weir_error *e) {       \
    (void)streams;                                                                                                     \
    return goOpenWriter(n, (struct weir_context *)c, (struct ArrowSchema **)inputs, count,                             \
                        (struct weir_schema_sink *)stored, self, e);                                                   \
  }                                                                                                                    \
  static weir_status open_committer_##n(const struct weir_context *c, void **self, struct weir_error *e) {             \
    return goOpenCommitter(n, (struct weir_context *)c, self, e);                                                      \
  }                                                                                                                    \
  static int32_t sniff_##n(const struct weir_sniff *found) { return goSniff(n, (struct weir_sniff *)found); }          \
  static weir_status open_reader_##n(const struct weir_context *c, const struct weir_input *input, struct weir_bytes at, \
                                     const struct weir_schema_sink *schema, void **self, struct weir_error *e) {       \
    return goOpenReader(n, (struct weir_context *)c, (struct weir_input *)input, at,                                   \
                        (struct weir_schema_sink *)schema, self, e);                                                   \
  }                                                                                                                    \
  static weir_status open_reader_wanted_##n(const struct weir_context *c, const struct weir_input *input, struct weir_bytes at, \
                                            const struct weir_wanted *wanted, const struct weir_schema_sink *schema,   \
                                            void **self, struct weir_error *e) {                                       \
    return goOpenReaderWanted(n, (struct weir_context *)c, (struct weir_input *)input, at, (struct weir_wanted *)wanted, \
                              (struct weir_schema_sink *)schema, self, e);                                             \
  }                                                                                                                    \
  static const void *format_extension_##n(struct weir_string id) {                                                     \
    static const struct weir_pushdown table = {sizeof table, NULL, open_reader_wanted_##n};                            \
    return is(id, weir_text(WEIR_PUSHDOWN)) ? &table : NULL;                                                           \
  }                                                                                                                    \
  static weir_status open_encoder_##n(const struct weir_context *c, const struct ArrowSchema *input,                   \
                                      const struct weir_schema_sink *stored, const struct weir_output *output,         \
                                      void **self, struct weir_error *e) {                                             \
    return goOpenEncoder(n, (struct weir_context *)c, (struct ArrowSchema *)input, (struct weir_schema_sink *)stored,   \
                         (struct weir_output *)output, self, e);                                                       \
  }
SLOT(0) SLOT(1) SLOT(2) SLOT(3) SLOT(4) SLOT(5) SLOT(6) SLOT(7)

#define EACH(function) {function##_0, function##_1, function##_2, function##_3, function##_4, function##_5, function##_6, function##_7}
static weir_traits_function *const transformer_traits[] = EACH(transformer_traits), *const extractor_traits[] = EACH(extractor_traits),
                                   *const loader_traits[] = EACH(loader_traits);
static const __typeof__(&create_0) creates[] = EACH(create);
static const __typeof__(&plan_0) plans[] = EACH(plan);
static const __typeof__(&open_split_0) open_splits[] = EACH(open_split);
static const __typeof__(&open_writer_0) open_writers[] = EACH(open_writer);
static const __typeof__(&open_committer_0) open_committers[] = EACH(open_committer);
static const __typeof__(&sniff_0) sniffs[] = EACH(sniff);
static const __typeof__(&open_reader_0) open_readers[] = EACH(open_reader);
static const __typeof__(&open_encoder_0) open_encoders[] = EACH(open_encoder);
static const __typeof__(&extractor_extension_0) extractor_extensions[] = EACH(extractor_extension), format_extensions[] = EACH(format_extension);

/* Written once each, before the host sees them. */
static struct weir_transformer transformers[WEIR_GO_SLOTS];
static struct weir_reader readers[2 * WEIR_GO_SLOTS]; /* of extractors, then of formats */
static struct weir_extractor extractors[WEIR_GO_SLOTS];
static struct weir_writer writers[WEIR_GO_SLOTS];
static struct weir_committer committers[WEIR_GO_SLOTS];
static struct weir_loader loaders[WEIR_GO_SLOTS];
static struct weir_format formats[WEIR_GO_SLOTS];

const void *weir_go_transformer(int slot, int holds_rows) {
  transformers[slot] = (struct weir_transformer){sizeof(struct weir_transformer), transformer_traits[slot], creates[slot], process,
                                                 close_instance, holds_rows ? flush : NULL, cancel_instance};
  return &transformers[slot];
}

const void *weir_go_extractor(int slot, int tells_position) {
  readers[slot] = (struct weir_reader){sizeof(struct weir_reader), read_rows, tells_position ? position : NULL, close_instance,
                                       acknowledge, cancel_instance};
  extractors[slot] = (struct weir_extractor){sizeof(struct weir_extractor), extractor_traits[slot], plans[slot], open_splits[slot],
                                             &readers[slot]};
  return &extractors[slot];
}

const void *weir_go_loader(int slot, int commits, int atomic, int finishes) {
  writers[slot] = (struct weir_writer){sizeof(struct weir_writer), write_rows, prepare, close_instance,
                                       atomic ? commit_epoch : NULL, cancel_instance};
  committers[slot] = (struct weir_committer){sizeof(struct weir_committer), open_committers[slot], close_instance,
                                             atomic ? last_committed : NULL, atomic ? NULL : publish, atomic ? NULL : abort_epochs,
                                             finishes ? finish : NULL, cancel_instance};
  loaders[slot] = (struct weir_loader){sizeof(struct weir_loader), loader_traits[slot], open_writers[slot], &writers[slot],
                                       commits ? &committers[slot] : NULL};
  return &loaders[slot];
}

const void *weir_go_format(int slot, int reads, int writes, int flushes) {
  struct weir_reader *reader = &readers[WEIR_GO_SLOTS + slot];
  *reader = (struct weir_reader){sizeof *reader, read_rows, NULL, close_instance, NULL, cancel_instance};
  formats[slot] = (struct weir_format){sizeof(struct weir_format), sniffs[slot], reads ? open_readers[slot] : NULL,
                                       reads ? reader : NULL, writes ? open_encoders[slot] : NULL, writes ? encode : NULL,
                                       writes ? end_encoder : NULL, flushes ? flush_encoder : NULL,
                                       writes ? close_instance : NULL};
  return &formats[slot];
}

void weir_go_offer_pushdown(struct weir_component *component, int slot) {
  component->extension = component->kind == WEIR_KIND_EXTRACTOR ? extractor_extensions[slot] : format_extensions[slot];
}

const struct weir_plugin *weir_go_plugin(struct weir_string name, struct weir_string version, uint64_t count,
                                         const struct weir_component *const *components) {
  static struct weir_plugin plugin;
  plugin = (struct weir_plugin){sizeof plugin, WEIR_ABI, WEIR_ABI, name, version, weir_open_nothing, weir_close_nothing, count, components};
  return &plugin;
}

const struct weir_plugin *weir_plugin_v1(void) { return goPlugin(); }

void weir_go_release_array(struct ArrowArray *array) {
  for (int64_t i = 0; i < array->n_buffers; i++) free((void *)array->buffers[i]);
  for (int64_t i = 0; i < array->n_children; i++) {
    weir_go_drop_array(array->children[i]);
    free(array->children[i]);
  }
  free(array->buffers);
  free(array->children);
  array->release = NULL;
}

void weir_go_release_schema(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    if (schema->children[i]->release != NULL) schema->children[i]->release(schema->children[i]);
    free(schema->children[i]);
  }
  if (schema->dictionary != NULL) schema->dictionary->release(schema->dictionary);
  free(schema->dictionary);
  free(schema->children);
  free((void *)schema->format);
  free((void *)schema->name);
  free((void *)schema->metadata);
  schema->release = NULL;
}
