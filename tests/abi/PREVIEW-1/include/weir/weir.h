/* weir.h: the plugin ABI, version 1.0, preview 1. C11, also valid C++17. Reads from top to bottom.
 *
 * A plugin is a shared object with one exported symbol, weir_plugin_v1(). It returns a constant description:
 * components, each of one kind, each with a constant table of functions. Nothing else is exported.
 *
 *   extractor    finds splits, and opens a reader on each             sources
 *   transformer  gets batches of rows, passes rows on                 everything in the middle
 *   loader       opens writers, and a committer that publishes        destinations
 *   format       rows from bytes, bytes from rows                     csv, json, parquet
 *   storage      named objects of bytes                               file, s3
 *   codec        bytes to bytes                                       gzip, zstd
 *   connection   one session with a system; the host keeps the pool   postgres, kafka
 *
 * The smallest transformer has three functions (create, process, destroy), the smallest extractor four (plan, open;
 * read, close), the smallest loader four (open; write, prepare, close). What not every plugin needs is an extension:
 * one header each under ext/, asked for by a text such as "weir.state/1".
 *
 * THE RULES. They hold for every declaration below; a comment there only says what is particular to it.
 *
 * Threads     [any] any thread, any time, also at the same time as other calls. [instance] one call at a time on an
 *             instance, on whichever thread. [main] before or after everything. Two instances of one component run at
 *             the same time. Everything that the host provides is [any], except what is lent for one call (next,
 *             sinks): that is for the thread that makes the call, during the call.
 * Blocking    Is allowed wherever nothing else is said. Times are CLOCK_MONOTONIC nanoseconds, absolute, as told by
 *             host->now(): the same in every process of the machine.
 * Ownership   Whoever allocated memory frees it; there is no free() for the other side's memory. Arrow arrays and
 *             schemas cross by move, and their release() brings them home. Results of variable length cross as calls
 *             to a sink. A pointer argument is valid during the call, unless its comment says longer. Nothing may be
 *             null unless said.
 * Results     A function that can fail returns weir_status, and fills `error` in if that is not WEIR_OK. Otherwise
 *             `error` stays untouched; on failure the outputs do, and what the call told a sink is forgotten: tell all
 *             of it again when the call is repeated. "Errors" says what the host does next.
 * Growth      A struct begins with `size`, set to sizeof by whoever made it. Fields are only appended. Read one that
 *             your peer may not know with WEIR_HAS, call a function with WEIR_CAN. No struct has hidden padding, so
 *             that an appended field always makes it larger; reserved fields are zero. Frozen for ever, without size:
 *             weir_string, weir_bytes, Arrow's structs. Arrays hold pointers or frozen structs, never growing ones.
 * Values      Enumerations are int32_t. A value that you don't know is an error of the peer (return INTERNAL), except
 *             where a comment says what to do. No bitfields, unions, varargs, bools, structs in registers beyond two
 *             words, or long doubles: C, C++, Rust, Go and Zig can all say every line of this file.
 * Strings     UTF-8 with a length; may lack a final zero; an empty one may have a null pointer.
 * Processes   Nothing here assumes one address space: every pointer is to a struct with a size, to bytes with a length,
 *             to an Arrow struct, or a handle that only its owner looks into. The host may run a plugin in another
 *             process, and an instance that finishes a job may be in another process than the one that began it.
 * Manners     No exception, longjmp or signal leaves a function. No thread, file or memory is left after close().
 *             Signal handlers, locale, environment, working directory, umask, floating-point mode stay as they are.
 */
#ifndef WEIR_H
#define WEIR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if UINTPTR_MAX != UINT64_MAX
#error "the plugin ABI is for 64-bit machines: layouts are the same on all of them"
#endif

/* ------------------------------------------------------------------------------------------------ versions -- */

#define WEIR_VERSION(major, minor) ((major) * UINT32_C(65536) + (minor)) /* of constants */
#define WEIR_ABI WEIR_VERSION(1, 0) /* what this header describes */
#define WEIR_ABI_PREVIEW 1 /* plugins of another preview are refused: docs/abi-policy.md; 0: stable */
/* True if the maker of *p knew `field`. WEIR_CAN: and, for a function, provides it. */
#ifdef __cplusplus /* the same twice: C++ warns of C's casts */
#define WEIR_HAS(p, field)                                                                                    \
  (static_cast<size_t>(reinterpret_cast<const char *>(&(p)->field + 1) - reinterpret_cast<const char *>(p)) <= (p)->size)
#else
#define WEIR_HAS(p, field) ((size_t)((const char *)(&(p)->field + 1) - (const char *)(p)) <= (p)->size)
#endif
#define WEIR_CAN(p, function) (WEIR_HAS(p, function) && (p)->function != NULL)

/* ----------------------------------------------------------------------------------------- strings and bytes -- */

struct weir_string {
  const char *data;
  uint64_t length;
};

struct weir_bytes {
  const uint8_t *data;
  uint64_t length;
};

#define WEIR_STRING(literal) {literal, sizeof(literal) - 1} /* initialises a weir_string */

/* ---------------------------------------------------------------------------------------------------- errors -- */

/* The canonical codes. What the host does:
 *   UNAVAILABLE, RESOURCE_EXHAUSTED  repeats the same call, after retry_after_ns or with back-off. Return these only
 *                                    if the call took no effect, and everything before it still stands.
 *   ABORTED                          closes every instance of the lane, goes back to its last checkpoint. A writer
 *                                    whose session died returns this: its open epoch died with it.
 *   DEADLINE_EXCEEDED, UNKNOWN       the call may have taken effect: as ABORTED, and the committer is asked.
 *   CANCELLED                        it was asked for: closes the instance.
 *   INVALID_ARGUMENT, NOT_FOUND...   final: the run ends, resumable. `fault` says who should act. */
typedef int32_t weir_status;
enum {
  WEIR_OK = 0,
  WEIR_CANCELLED = 1,
  WEIR_UNKNOWN = 2,
  WEIR_INVALID_ARGUMENT = 3,
  WEIR_DEADLINE_EXCEEDED = 4,
  WEIR_NOT_FOUND = 5,
  WEIR_ALREADY_EXISTS = 6,
  WEIR_PERMISSION_DENIED = 7,
  WEIR_RESOURCE_EXHAUSTED = 8,
  WEIR_FAILED_PRECONDITION = 9,
  WEIR_ABORTED = 10,
  WEIR_OUT_OF_RANGE = 11,
  WEIR_UNIMPLEMENTED = 12,
  WEIR_INTERNAL = 13,
  WEIR_UNAVAILABLE = 14,
  WEIR_DATA_LOSS = 15,
  WEIR_UNAUTHENTICATED = 16
};

enum { /* whose turn it is to act */
  WEIR_FAULT_UNKNOWN = 0,
  WEIR_FAULT_MANIFEST = 1,
  WEIR_FAULT_SOURCE = 2,
  WEIR_FAULT_DATA = 3,
  WEIR_FAULT_DESTINATION = 4,
  WEIR_FAULT_PLUGIN = 5
};

/* What went wrong. The caller makes it (size set, row and offset -1, the rest zero) and owns it; the callee fills it
 * in. The host turns places into file:line:column, of the data or of the manifest. Texts are UTF-8, end with a zero,
 * and are cut at a whole character if they are too long. Message: what was expected, what was found; lower case, no
 * full stop, no secret. */
struct weir_error {
  size_t size;
  int32_t fault;           /* WEIR_FAULT_... */
  int32_t reserved;
  int64_t native_code;     /* of the system that failed (errno, SQLSTATE as a number, HTTP status); 0: none */
  int64_t retry_after_ns;  /* a duration that the system asked for; 0: none */
  int64_t row;             /* of the batch in hand; WEIR_NO_ROW: not about one row */
  int64_t offset;          /* bytes from the start of the input, of the chunk, or of the option's text; -1: none */
  char message[1024];
  char hint[512];          /* the cure, if known */
  char object[256];        /* what failed: a table, a file, a topic */
  char column[256];
  char option[256];        /* JSON pointer into the config, if an option is at fault ("/where") */
  int64_t length;          /* how many bytes from `offset` on are at fault; 0: not known */
};

#define WEIR_NO_ROW INT64_C(-1)

/* Receives bytes: one item a call. Lent for one call of the function that gets it. */
struct weir_sink {
  size_t size;
  /* Takes a copy of `bytes`. If it does not return OK, stop and return what it returned. */
  weir_status (*put)(const struct weir_sink *self, struct weir_bytes bytes);
};

/* ----------------------------------------------------------------------------------------------------- Arrow -- */

/* The Arrow C Data Interface, as published; arrays of these types cross: null, bool, (u)int8..64,
 * float16/32/64, decimal128/256, utf8, large_utf8, utf8_view, binary, large_binary, binary_view, fixed-size
 * binary, date32/64, time32/64, timestamp, duration, interval, list, large_list, fixed-size list, struct,
 * map, dictionary. Not these: decimal32/64, list views, run-end encoded, unions. Widths of fixed-size types are
 * at least 1, a decimal's precision at least 1, its scale from -76 to 76; what is in a dictionary is no other
 * dictionary, and its indices are any integers. Nesting is at most 64 deep. Rows are a struct array, its own validity absent. Buffers are aligned to 8 bytes at least
 * (64 if the host made them), and are NEVER written to once they have crossed: others share them. release()
 * is [any]: it may run on any thread, after the instance that made the array was destroyed, but always
 * before close(); it must not block or call an instance. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};
#endif

/* Changes. A field with the metadata "weir.role" = "operation" (int8, not null) says what its row does;
 * without such a field every row inserts. It is an ordinary column, so that filters and projections keep it
 * or drop it in sight of everyone. A loader that can't apply changes refuses such a schema in open() with
 * INVALID_ARGUMENT. */
enum {
  WEIR_OPERATION_INSERT = 0,
  WEIR_OPERATION_UPDATE = 1,        /* the row as it is now; inserts if there was none */
  WEIR_OPERATION_DELETE = 2,        /* only the key columns count */
  WEIR_OPERATION_UPDATE_BEFORE = 3  /* the row as it was; a loader may skip it */
};

/* Receives the schemas of what a component will push, in the order of its outputs. Lent for one call. */
struct weir_schema_sink {
  size_t size;
  /* Takes *schema (a struct; release is null afterwards, whatever is returned). `name` names the output in
   * the manifest, and may be empty where there is one. */
  weir_status (*put)(const struct weir_schema_sink *self, struct weir_string name, struct ArrowSchema *schema);
  /* The same, with a schema that stays the caller's: for those whose output is like their input. */
  weir_status (*same)(const struct weir_schema_sink *self, struct weir_string name,
                      const struct ArrowSchema *schema);
};

/* ------------------------------------------------------------------------------------------- what a host gives -- */

enum {
  WEIR_LOG_DEBUG = 0,
  WEIR_LOG_INFO = 1,
  WEIR_LOG_WARNING = 2,
  WEIR_LOG_ERROR = 3
};

/* The host, as one instance sees it: what it does is attributed to that instance. Valid until the instance
 * is gone; the one given to the plugin's open(), until its close(). */
struct weir_host {
  size_t size;
  uint32_t abi;       /* WEIR_VERSION of the host */
  uint32_t reserved;
  /* Now, in monotonic nanoseconds. Use no other clock: tests own this one. [any] */
  int64_t (*now)(const struct weir_host *self);
  /* `event` is a constant name ("split.retry"), `detail` a JSON object or empty. Secrets are redacted. [any] */
  void (*log)(const struct weir_host *self, int32_t level, struct weir_string event, struct weir_string detail);
  /* The host's table for extension `id` ("weir.memory/1"), or null. Valid as long as the host is. [any] */
  const void *(*extension)(const struct weir_host *self, struct weir_string id);
  /* 1: the call in progress should return CANCELLED soon. For calls that have no instance to cancel() yet
   * (plan, open, create, connect): ask at least once a second while you wait. [any] */
  int32_t (*cancelled)(const struct weir_host *self);
};

/* The component's part of the manifest: variables and secrets resolved, checked against the component's JSON Schema,
 * its defaults filled in, texts with "format": "path" made absolute from the manifest's folder. So a getter can't
 * fail: what the schema requires is there, in the type that it says; what is absent gives zero or empty. Durations
 * are integers in nanoseconds, sizes in bytes. `path` is a JSON pointer ("/columns/0"). What is returned is valid as
 * long as the config: until the instance is gone. [any] */
struct weir_config {
  size_t size;
  struct weir_string json; /* all of it */
  struct weir_string (*text)(const struct weir_config *self, struct weir_string path);
  int64_t (*integer)(const struct weir_config *self, struct weir_string path);
  double (*number)(const struct weir_config *self, struct weir_string path);
  int32_t (*boolean)(const struct weir_config *self, struct weir_string path); /* 0 or 1 */
  /* Elements of an array or object; 0: absent. */
  uint64_t (*count)(const struct weir_config *self, struct weir_string path);
  /* WEIR_CONFIG_...: what stands there. */
  int32_t (*kind)(const struct weir_config *self, struct weir_string path);
  /* The name of an object's member `index`, in the manifest's order. */
  struct weir_string (*key)(const struct weir_config *self, struct weir_string path, uint64_t index);
};

enum {
  WEIR_CONFIG_ABSENT = 0,
  WEIR_CONFIG_NULL = 1,
  WEIR_CONFIG_BOOLEAN = 2,
  WEIR_CONFIG_INTEGER = 3,
  WEIR_CONFIG_NUMBER = 4,
  WEIR_CONFIG_TEXT = 5,
  WEIR_CONFIG_ARRAY = 6,
  WEIR_CONFIG_OBJECT = 7
};

/* Who an instance is. Valid until the instance is gone. A LANE is what commits together: the chains that
 * share epochs, one checkpoint, one decision. A run has one lane or several, which know nothing of each
 * other: on one machine usually one; on a cluster one for each split, or one for all. The FENCE grows with
 * each grant of a lane to a process. Destinations that can remember it refuse a lower one. */
struct weir_context {
  size_t size;
  const struct weir_host *host;
  const struct weir_config *config;
  struct weir_string run;   /* the run's id; a resumed run keeps it. At most 64 bytes of [0-9A-Za-z_-] */
  struct weir_string link;  /* the link's name in the manifest; same alphabet */
  struct weir_string lane;  /* the lane's name, the same after a restart; same alphabet. Empty: the run as a whole */
  const struct weir_string *streams; /* which of the extractor's streams this is about (ext/discover.h): one, as a rule;
                                      * with many_outputs or many_inputs several. An empty name: its only one */
  const struct ArrowSchema *const *expected; /* a reader's: for each, the schema agreed (from a sample of its splits),
                                              * to be kept to, or null: tell yours. Null in all other instances */
  uint64_t stream_count;    /* at least 1 */
  uint64_t instance;        /* number of this instance among those of its link in its lane, from 0 */
  uint64_t fence;
  uint64_t epoch;           /* the lane's when the instance was made, from 1; each prepare() begins the next */
  int32_t commit;           /* WEIR_COMMIT_... that the host chose for this writer */
  int32_t reserved;
};

/* What a component, so configured, needs and promises. The host fills in what follows from the component's
 * table, then calls the component's traits() if it has one. Pure: no I/O, same answer for the same config. */
struct weir_traits {
  size_t size;
  int32_t scope;            /* WEIR_SCOPE_... */
  int32_t ordered;          /* 1: batches must come in the order of their split (default 0) */
  int32_t keeps_rows;       /* 1: transformer: output row i is always input row i (default 0) */
  int32_t replay;           /* WEIR_REPLAY_... (extractors) */
  int32_t commit;           /* WEIR_COMMIT_... it can do, added together (loaders) */
  int32_t rows;             /* WEIR_ROWS_...: what a transformer may do to their number; the ledger checks it */
  int32_t takes_selection;  /* 1: process(), write() understand batch->selected (default 0: the host gathers first) */
  int32_t many_inputs;      /* 1: one instance takes several inputs: a join; tables in one transaction (default 0) */
  int32_t many_outputs;     /* 1: extractor: plan() and open() once for all streams picked; one reader, an output each:
                             * a log of changes to many tables (default 0: once for each stream) */
  int32_t reserved;
  uint64_t max_instances;   /* in the whole run, at a time; 0: any number. SQLite says 1 */
  uint64_t preferred_rows;  /* of a batch; 0: no preference */
  uint64_t preferred_bytes;
};

enum {
  WEIR_ROWS_ONCE = 0,     /* each row in is pushed, selected, rejected or dropped, once */
  WEIR_ROWS_MULTIPLY = 1, /* may become several */
  WEIR_ROWS_MERGE = 2     /* several may become one */
};

enum {
  WEIR_SCOPE_CHAIN = 0, /* what it remembers, if anything, concerns its own chain */
  WEIR_SCOPE_RUN = 1    /* must see all rows of the run: the host gathers the chains into one lane and one instance */
};

enum {
  WEIR_REPLAY_NONE = 0,       /* what was read and not committed is lost: at most once */
  WEIR_REPLAY_REDELIVERY = 1, /* what was not acknowledged comes again, in any order: a queue */
  WEIR_REPLAY_EXACT = 2       /* open() at a position gives again the same rows from there */
};

enum {
  WEIR_COMMIT_NONE = 0,     /* rows are visible as soon as they are written: at least once */
  WEIR_COMMIT_ATOMIC = 1,   /* rows and token appear together in the writer's commit(): the destination decides. One
                             * instance a lane: the host gathers the chains before it */
  WEIR_COMMIT_TWO_PHASE = 2 /* prepare() makes them durable, unseen; the committer publishes: the host decides */
};

typedef weir_status weir_traits_function(const struct weir_config *config, struct weir_traits *traits,
                                         struct weir_error *error);

/* --------------------------------------------------------------------------------------------------- batches -- */

/* Rows together, at most 2^31 - 1 of them. Their schema is fixed when an instance is made, for its life. */
struct weir_batch {
  size_t size;
  struct ArrowArray rows;     /* a struct array; release is null: taken, or none */
  struct ArrowArray origins;  /* uint32, no nulls, as long as rows; release is null: absent. See push() */
  int64_t base;               /* a reader's: what its origins count from: bytes from the start of the input or chunk (a
                               * format), records from the start of the split (an extractor: keep the count in the
                               * position); -1: unknown, so set it */
  uint64_t sequence;          /* at this link, in its lane's epoch, from 0, all inputs and instances together; the host
                               * numbers what is pushed. The same when a write() is repeated, and only then: with run,
                               * link, lane, epoch, FENCE an idempotency key */
  const uint32_t *selected;   /* null: all rows live; else the live ones, ascending, each once. Only where traits say
                               * takes_selection; lent for the call, also if rows are taken. Null in what is pushed */
  uint64_t selected_count;    /* then these are the rows in; select, reject and origins number all rows, live or not */
};

/* A row that can't go on, kept with its reason. */
struct weir_reject {
  size_t size;
  int64_t row;                /* a transformer's, writer's: row of the batch in hand. A reader's, and where none is in
                               * hand (flush): WEIR_NO_ROW */
  int64_t offset;             /* a reader's: where the record begins, in what its origins count (bytes from the start of
                               * the input or chunk; an extractor: its number in the split); -1: unknown */
  struct weir_bytes record;   /* without a row: the record as it was found. Otherwise empty: the host has the row */
  struct weir_bytes fields;   /* without a row: the record as a JSON object, name to text, as far as could be split */
  struct weir_string column;  /* empty: the whole row */
  struct weir_string reason;  /* a constant that can be counted: "not an integer" */
  struct weir_string detail;  /* about this row: "expected int64, found \"x\"" */
  int64_t within;             /* a reader's: where in the record the value at fault begins, in bytes from `offset`: the
                               * host makes a column of it; -1: unknown */
};

/* Where rows go: the only way for rows to leave a plugin. Lent for one call. push() and select() check, count, and
 * append to the link's bounded output; the next link runs after the call, on another thread, or, while the output is
 * full, inside push(), which may also wait: hold no lock meanwhile. The calling instance is never called back. If it
 * does not return OK, stop and return what it returned: what failed behind you is told to you as CANCELLED, and is not
 * your fault. */
struct weir_next {
  size_t size;
  /* Passes on `batch` to output `output`. Takes it: both releases are null afterwards, whatever is returned.
   * origins[i], if you know it, is the row of the batch in hand that row i came from: rejects further down
   * then name their record in the source. A reader's: where its record begins, from `base`: bytes (a format; the
   * host counts lines when somebody asks) or records (an extractor; without origins row i is record base + i). A
   * reader may push to any output that it told in open(). No batch is in hand in flush(): no origins there. */
  weir_status (*push)(const struct weir_next *self, uint64_t output, struct weir_batch *batch);
  /* Passes on rows[0..count) of the batch in hand, in that order; repeats are allowed. The host gathers them,
   * for every type, and knows their origins; not at all if the next link takes selections, by slicing if they are
   * contiguous. `rows` null: all that live, `count` is 0. Filters, routes, samples, dedupes need no more. */
  weir_status (*select)(const struct weir_next *self, uint64_t output, const uint32_t *rows, uint64_t count);
  /* Sends one row to the reject sink. As with select(), the batch in hand may have been taken, pushed or
   * released meanwhile: the host still has it, until the call returns. */
  weir_status (*reject)(const struct weir_next *self, const struct weir_reject *reject);
  /* Says that `count` rows were removed on purpose. `reason` is a constant, and shown in the ledger. */
  weir_status (*drop)(const struct weir_next *self, uint64_t count, struct weir_string reason);
};

/* ------------------------------------------------------------------------------------------------ transformer -- */

enum {
  WEIR_FLUSH_BARRIER = 0, /* a checkpoint is due: push what you hold, or keep it and have weir.state/1 */
  WEIR_FLUSH_END = 1,     /* the last call: push everything */
  WEIR_FLUSH_INPUT = 2    /* many_inputs: nothing more comes on `input`; others may go on */
};

/* An instance is made for one schema an input. When a schema changes, the host ends the epoch, flushes,
 * snapshots, destroys, creates anew, restores. `self` is the plugin's own pointer, null if it wants none. */
struct weir_transformer {
  size_t size;
  weir_traits_function *traits; /* null: scope chain */
  /* Makes an instance for rows of inputs[0] (or, if traits say many_inputs, of all `count`; names[i] is what the
   * manifest calls input i), and tells the schema of each output. Does no I/O where it can wait: `weir plan` calls it
   * too. [any] */
  weir_status (*create)(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                        const struct weir_string *names, uint64_t count, const struct weir_schema_sink *outputs,
                        void **self, struct weir_error *error);
  /* Handles one batch of input `input` (0 unless traits say many_inputs): any number of push, select, reject and
   * drop. `batch` is lent; move rows out of it (copy the struct, set its release to null) to push or to keep them.
   * In the end rows in = pushed + selected + rejected + dropped, unless rows are multiplied or merged; the host
   * counts. UNAVAILABLE only if nothing was passed on yet. [instance] */
  weir_status (*process)(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                         struct weir_error *error);
  /* Ends the instance; may be the only call after create(). [instance] */
  void (*destroy)(void *self);
  /* Pushes what is held back; `why` is WEIR_FLUSH_.... Null: holds nothing back, ever. [instance] */
  weir_status (*flush)(void *self, uint64_t input, int32_t why, const struct weir_next *next,
                       struct weir_error *error);
  /* Makes a running call return CANCELLED soon. For good: only destroy() follows. Null: calls are short.
   * [any] */
  void (*cancel)(void *self);
};

/* ------------------------------------------------------------------------------------- reader and extractor -- */

enum {
  WEIR_READ_MORE = 0,   /* call again; something may have been pushed or not */
  WEIR_READ_IDLE = 1,   /* nothing now, and the deadline has come; call again */
  WEIR_READ_END = 2,    /* nothing more, ever */
  WEIR_READ_SCHEMA = 3  /* what comes next has another schema, or an output more or less: the host ends the epoch, opens
                         * anew at position(). Outputs are known by name, their numbers may change */
};

/* Reads rows: of a split (extractor) or of an input (format). */
struct weir_reader {
  size_t size;
  /* Pushes rows, as a rule one batch, to output 0 (or to the output that open() told for their stream: one log, many
   * tables); tells in *outcome what to expect next. May wait for data,
   * but not past `deadline`: so barriers pass through a silent source. A bounded source may ignore it.
   * [instance] */
  weir_status (*read)(void *self, int64_t deadline, const struct weir_next *next, int32_t *outcome,
                      struct weir_error *error);
  /* Tells where the reader stands after its last read(): what open() needs to go on from there, and
   * acknowledge() to forget what is before. At most 1 MiB, no I/O. Called at a barrier. Null: where
   * traits() says WEIR_REPLAY_EXACT the host counts rows and, after a restart, reads and skips; else it can't go back.
   * [instance] */
  weir_status (*position)(void *self, const struct weir_sink *position, struct weir_error *error);
  /* Ends the instance; after its last acknowledge(), if all goes well. What was not acknowledged may be
   * redelivered. [instance] */
  void (*close)(void *self);
  /* Everything before `position` has been committed: the source may forget it. In order; may be repeated;
   * and, after a restart, comes once before the first read() of another instance than told the position.
   * Null: nothing to tell. [instance] */
  weir_status (*acknowledge)(void *self, struct weir_bytes position, struct weir_error *error);
  void (*cancel)(void *self); /* as a transformer's [any] */
};

/* A unit of work: read by one reader at a time, retried and moved as a whole. Its fields are copied. */
struct weir_split {
  size_t size;
  struct weir_string id;      /* names it, the same at each plan(); at most 256 bytes */
  struct weir_bytes token;    /* what open() needs to know; at most 1 MiB */
  struct weir_string place;   /* where it is best read (a host name); empty: anywhere */
  int64_t rows, bytes;        /* estimates; -1: unknown */
  int32_t unbounded;          /* 1: its reader never says END */
  int32_t reserved;
};

/* Receives a plan. Lent for one call. */
struct weir_plan {
  size_t size;
  /* A split that exists. One whose id the host knows already is no news: so it is safe to list them all
   * again. */
  weir_status (*add)(const struct weir_plan *self, const struct weir_split *split);
  /* A split that is gone (a partition, a shard): its reader is closed once what it has read is committed. */
  weir_status (*remove)(const struct weir_plan *self, struct weir_string id);
  /* What the next plan() should know, kept with the checkpoint (the last name listed). Replaces the one
   * before. */
  weir_status (*state)(const struct weir_plan *self, struct weir_bytes state);
};

struct weir_extractor {
  size_t size;
  weir_traits_function *traits; /* null: replay exact if the reader has position(), else none */
  /* Finds splits. Called at the start, and, while *more is 1, again from time to time (new files, a
   * rebalance); `state` is what the last one left, empty at first. One at a time in a run. [any] */
  weir_status (*plan)(const struct weir_context *context, struct weir_bytes state,
                      const struct weir_plan *plan, int32_t *more, struct weir_error *error);
  /* Opens a split at a position (empty: its start), and tells the schema of its rows from there on. The
   * split may have been planned, and the position told, by another process. [any] */
  weir_status (*open)(const struct weir_context *context, const struct weir_split *split,
                      struct weir_bytes position, const struct weir_schema_sink *schema, void **self,
                      struct weir_error *error);
  const struct weir_reader *reader; /* the functions of what open() made */
};

/* ---------------------------------------------------------------------------------------------------- loader -- */

/* EPOCHS. The stream of a lane is cut by barriers into epochs 1, 2, 3, ... Checkpoint 0 holds the plan, and nothing
 * read. For each epoch, in this order:
 *
 *   1 barrier     flush() and snapshot() of each link; position() of each reader; prepare() of each writer
 *   2 checkpoint  the host stores positions, snapshots, ledger, committables, durably; it keeps the one before
 *   3 decide      a lane with an atomic writer: its commit(). Any other: step 2 was the decision
 *   4 publish     commit() of each two-phase committer, with the committables of all writers of its link in the lane;
 *                 what they tell in `published` is kept, once for each epoch, with checkpoint e + 1 at the latest
 *   5 forget      acknowledge() of each reader; then the checkpoint before is removed
 *
 * A lane has at most ONE atomic writer, for two could not decide as one; any number of two-phase ones. After a crash,
 * or ABORTED, the host asks the state store for the lane again (held by another: it stops), opens the committers with
 * the higher fence, reads the newest checkpoint e, asks last_committed():
 *
 *   e, or no atomic writer   decided: publish e, forget, sweep with abort(e + 1), go on from checkpoint e
 *   e - 1                    undecided: abort(e), go on from checkpoint e - 1, with what commit(e - 1) told; e comes
 *                            again, perhaps with other rows
 *   anything else            somebody else wrote there: the run stops
 *
 * All of it may happen in another process, on another machine, than the epoch began in. */

/* What the destination says it has got in an epoch. The host compares with what it sent. -1: it does not say.
 * Report what came back from the destination, not what you counted on the way. */
struct weir_receipt {
  size_t size;
  int64_t rows;      /* accepted: sent less rejected. The only number that must be right if given */
  int64_t inserted, updated, deleted; /* as the destination tells them, for changes and upserts */
  int64_t bytes;     /* as stored */
  char checksum[128]; /* of what is stored, as the destination gives it ("etag:..."); kept for verification */
};

/* Writes rows: one for each chain, or one for all if traits say so. Holds whatever is open (a transaction, a
 * file). */
struct weir_writer {
  size_t size;
  /* Writes rows into the current epoch, which begins with the first write() after open() or prepare().
   * `batch` is lent, as in process(). Of `next` only reject() is of use: for rows that the destination
   * refuses by themselves. [instance] */
  weir_status (*write)(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                       struct weir_error *error);
  /* Ends `epoch` here, also if nothing was written. Two-phase: everything written in it is durable and
   * invisible, and what a committer needs to publish it goes to `committable` (none if there is nothing).
   * Atomic: everything is in the open transaction; no committable. Neither: everything is delivered. After
   * it no row can be rejected any more: check what is deferred (constraints) here or before. Fills in one receipt
   * for each input. [instance] */
  weir_status (*prepare)(void *self, uint64_t epoch, const struct weir_sink *committable,
                         struct weir_receipt *const *receipts, uint64_t count, struct weir_error *error);
  /* Ends the instance; what was not prepared (atomic: committed) is discarded. [instance] */
  void (*close)(void *self);
  /* Atomic only: makes the epoch's rows and the token (run, link, lane, epoch, fence) visible in one step.
   * Refuses with ABORTED if the token holds a higher fence. After OK, last_committed() is `epoch`, even
   * after a power cut. An epoch without rows too. [instance] */
  weir_status (*commit)(void *self, uint64_t epoch, struct weir_error *error);
  void (*cancel)(void *self); /* as a transformer's [any] */
};

/* Publishes what writers prepared: they may be gone. One for a link in a lane; and one with an empty lane
 * for finish(). */
struct weir_committer {
  size_t size;
  /* Shuts out lower fences where the destination can remember one. Before the lane's writers are opened.
   * [any] */
  weir_status (*open)(const struct weir_context *context, void **self, struct weir_error *error);
  void (*close)(void *self);
  /* Atomic only: the last epoch of this lane that the destination holds; 0 for none. [instance] */
  weir_status (*last_committed)(void *self, uint64_t *epoch, struct weir_error *error);
  /* Two-phase only: publishes `epoch`: exactly these committables, from all writers of the link in this
   * lane. Must be idempotent: any of them, or all, may have been published already by a call that never
   * returned. No order between them. What finish() will need goes to `published` (names, sizes, statistics): for
   * every committable, also for one that was published before. [instance] */
  weir_status (*commit)(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                        const struct weir_sink *published, struct weir_error *error);
  /* Two-phase only: discards what writers of this lane made in epochs >= `epoch`, the listed committables
   * and any other trace (a writer may have died before it told): find them by run, link and lane in their
   * names. Never touches an earlier epoch. A failure is logged, and does not stop the run. [instance] */
  weir_status (*abort)(void *self, uint64_t epoch, const struct weir_bytes *committables, uint64_t count,
                       struct weir_error *error);
  /* Ends the run for this link, once every lane has published its last epoch, on a committer with an empty lane:
   * swaps the table in, writes the manifest file, discards what zombies left. `published` is all that commit() told,
   * of every lane and epoch (atomic: nothing), in no order. `complete` 0: the run was given up, after abort() in
   * every lane: also discards what would have counted only after this. Idempotent. Null: nothing to do. [instance] */
  weir_status (*finish)(void *self, int32_t complete, const struct weir_bytes *published, uint64_t count,
                        struct weir_error *error);
  void (*cancel)(void *self); /* as a transformer's [any] */
};

struct weir_loader {
  size_t size;
  weir_traits_function *traits; /* null: commit as writer and committer have the functions; any number of instances */
  /* Opens a writer for rows of inputs[0]; or, if traits say many_inputs, of all `count`, streams[i] being what the
   * manifest calls input i (a stream; behind a route the output's name): several tables in one transaction. Tells in
   * `stored`, for each, the schema that reading back would give: the host casts rows to it before write(), and takes
   * its digest over that. Usually it is the input. [any] */
  weir_status (*open)(const struct weir_context *context, const struct ArrowSchema *const *inputs,
                      const struct weir_string *streams, uint64_t count, const struct weir_schema_sink *stored,
                      void **self, struct weir_error *error);
  const struct weir_writer *writer;
  const struct weir_committer *committer; /* null: neither atomic nor two-phase */
};

/* ------------------------------------------------------------------------------------ bytes in, bytes out -- */

/* A run of bytes to read. Made by a storage, or by the host over one (decompressed, cached, a range). */
struct weir_input {
  size_t size;
  int64_t length; /* -1: not known until the end */
  /* Reads up to `capacity` bytes from where the last read() ended, waiting no longer than `deadline`; *outcome is a
   * WEIR_READ_...: MORE (*got > 0), IDLE (the deadline came first, *got is 0) or END (nothing after these, *got may
   * be 0). [instance] */
  weir_status (*read)(const struct weir_input *self, int64_t deadline, uint8_t *buffer, uint64_t capacity,
                      uint64_t *got, int32_t *outcome, struct weir_error *error);
  /* The same at an offset. Null: can't seek. [any] */
  weir_status (*read_at)(const struct weir_input *self, uint64_t offset, uint8_t *buffer, uint64_t capacity,
                         uint64_t *got, struct weir_error *error);
  /* The bytes themselves, valid until close(). Null: can't map. [any] */
  weir_status (*map)(const struct weir_input *self, struct weir_bytes *bytes, struct weir_error *error);
  void (*close)(const struct weir_input *self); /* by whoever opened it [instance] */
  void (*cancel)(const struct weir_input *self); /* as a transformer's [any] */
};

/* A run of bytes to write: invisible until its storage commits what prepare() told. */
struct weir_output {
  size_t size;
  int32_t continues; /* 1: it can go on: after prepare() more may be written, and prepared again, if the host wants one
                      * object over many epochs. It gets its name when its last epoch is published: a name shows only
                      * whole objects */
  int32_t reserved;
  int64_t written;   /* bytes that stand already: > 0 goes on after a restart (no second header) */
  /* Appends. [instance] */
  weir_status (*write)(const struct weir_output *self, struct weir_bytes bytes, struct weir_error *error);
  /* Makes all bytes so far durable; tells what commit(), abort() or a resuming open_write() needs, and the store's
   * checksum. Null in what a format is given: the host calls it. [instance] */
  weir_status (*prepare)(const struct weir_output *self, const struct weir_sink *committable,
                         struct weir_receipt *receipt, struct weir_error *error);
  void (*close)(const struct weir_output *self); /* discards what was not prepared [instance] */
  void (*cancel)(const struct weir_output *self); /* as a transformer's [any] */
};

struct weir_sniff {
  size_t size;
  struct weir_string name;          /* of the object, with its extension; may be empty */
  struct weir_string content_type;  /* may be empty */
  struct weir_bytes head;           /* the first bytes, 4 KiB or all */
};

/* storage + codec + format make an extractor or a loader; the host puts them together. Parallel parsing:
 * ext/chunked.h. Many small documents in a column (messages of a queue): ext/document.h. */
struct weir_format {
  size_t size;
  /* How sure it is, 0 (not mine) to 100. Pure. [any] */
  int32_t (*sniff)(const struct weir_sniff *sniff);
  /* Opens a reader on `input`, which outlives it. Null: can't read. [any] */
  weir_status (*open_reader)(const struct weir_context *context, const struct weir_input *input,
                             struct weir_bytes position, const struct weir_schema_sink *schema, void **self,
                             struct weir_error *error);
  const struct weir_reader *reader;
  /* Opens an encoder onto `output`, which outlives it. Null: can't write. [any] */
  weir_status (*open_encoder)(const struct weir_context *context, const struct ArrowSchema *input,
                              const struct weir_schema_sink *stored, const struct weir_output *output,
                              void **self, struct weir_error *error);
  /* as write() [instance] */
  weir_status (*encode)(void *self, struct weir_batch *batch, const struct weir_next *next,
                        struct weir_error *error);
  weir_status (*end)(void *self, struct weir_error *error);  /* writes what a file ends with [instance] */
  /* All rows so far are in the output, and more may follow: before a barrier. Null: can't (row groups with a footer):
   * then a file ends at each barrier and its name needs {n}, or the run is one epoch. [instance] */
  weir_status (*flush)(void *self, struct weir_error *error);
  void (*close_encoder)(void *self);                         /* [instance] */
};

/* An object of bytes in a storage. */
struct weir_object {
  size_t size;
  struct weir_string name;
  int64_t bytes;                /* -1: unknown */
  int64_t modified_ns;          /* since 1970; 0: unknown */
  struct weir_string checksum;  /* as the store gives it: "md5:…"; the host checks it while reading */
  struct weir_string version;   /* changes when the bytes change (ETag, generation); empty: unknown */
};

struct weir_object_sink {
  size_t size;
  weir_status (*put)(const struct weir_object_sink *self, const struct weir_object *object); /* copied */
};

/* Named objects of bytes. One instance serves many calls at once: all are [any] but destroy(). */
struct weir_storage {
  size_t size;
  weir_status (*create)(const struct weir_context *context, void **self, struct weir_error *error);
  void (*destroy)(void *self);
  /* Lists what begins with `prefix`, in the order of names, after the name `after` (empty: from the first). */
  weir_status (*list)(void *self, struct weir_string prefix, struct weir_string after,
                      const struct weir_object_sink *objects, struct weir_error *error);
  weir_status (*stat)(void *self, struct weir_string name, const struct weir_object_sink *object,
                      struct weir_error *error);
  /* Opens the version, if not empty, or fails with FAILED_PRECONDITION: a file must not change under its
   * reader. */
  weir_status (*open_read)(void *self, struct weir_string name, struct weir_string version,
                           const struct weir_input **input, struct weir_error *error);
  /* Opens a staged object. Its name, if it ever gets it, is `name`; context, `epoch` and name (run, link, lane, epoch,
   * fence, instance, name) mark it for sweep(), so that two attempts never share one: an equal mark begins anew.
   * `resume`, if not empty, is a committable of an output that continues, perhaps another process's: goes on right
   * after it, in an object OF ITS OWN (a copy, a clone, the same parts), for the writer before may still be alive.
   * The old object stays until sweep(). */
  weir_status (*open_write)(void *self, const struct weir_context *context, struct weir_string name, uint64_t epoch,
                            struct weir_bytes resume, const struct weir_output **output, struct weir_error *error);
  /* Gives the object its name, as long as the committable says: bytes behind that are cut off. Idempotent. */
  weir_status (*commit)(void *self, struct weir_bytes committable, struct weir_error *error);
  /* Discards the whole object: not called while an earlier committable of it is kept (resume cuts back). Idempotent. */
  weir_status (*abort)(void *self, struct weir_bytes committable, struct weir_error *error);
  /* Aborts what context's run, link and lane staged with a fence below context's, in whatever epoch: what dead writers
   * never told, what was resumed elsewhere. Never an object of a committable in `keep`: all that are not published yet
   * of the checkpoint gone on from. An empty lane: every lane, every fence (finish). */
  weir_status (*sweep)(void *self, const struct weir_context *context, const struct weir_bytes *keep, uint64_t count,
                       struct weir_error *error);
  weir_status (*remove)(void *self, struct weir_string name, struct weir_error *error);
  void (*cancel)(void *self);
};

/* Bytes to bytes. A pure state machine: no I/O, no callback. The limit on expansion is the host's. */
struct weir_codec {
  size_t size;
  int32_t (*sniff)(const struct weir_sniff *sniff); /* as a format's */
  weir_status (*create)(const struct weir_context *context, int32_t compress, void **self,
                        struct weir_error *error);
  void (*destroy)(void *self);
  /* Consumes some of `in`, produces up to `capacity` bytes. `last`: no more input after this. *done 1: the
   * stream has ended, and a call after it begins the next one (files may hold several). OK with nothing
   * consumed or produced means: more input, or more room. [instance] */
  weir_status (*step)(void *self, struct weir_bytes in, int32_t last, uint8_t *out, uint64_t capacity,
                      uint64_t *consumed, uint64_t *produced, int32_t *done, struct weir_error *error);
};

/* One session with a system. The host keeps the pool, for every plugin alike: size, idle time, health,
 * retries, circuit breaker. Readers and writers of the same plugin borrow one by ext/connections.h. */
struct weir_connection {
  size_t size;
  weir_status (*connect)(const struct weir_context *context, void **self, struct weir_error *error); /* [any] */
  /* is it usable? puts it back in its first state too [instance] */
  weir_status (*ping)(void *self, struct weir_error *error);
  void (*disconnect)(void *self);                            /* [instance] */
  void (*cancel)(void *self);                                /* [any] */
};

/* --------------------------------------------------------------------------------------------------- plugin -- */

enum { /* a host that does not know a kind leaves the component out, and says so */
  WEIR_KIND_EXTRACTOR = 1,
  WEIR_KIND_TRANSFORMER = 2,
  WEIR_KIND_LOADER = 3,
  WEIR_KIND_FORMAT = 4,
  WEIR_KIND_STORAGE = 5,
  WEIR_KIND_CODEC = 6,
  WEIR_KIND_CONNECTION = 7
};

/* Constant, as everything it points to. */
struct weir_component {
  size_t size;
  struct weir_string name;    /* the word after `use:`; [a-z][a-z0-9_]* */
  struct weir_string about;   /* JSON: summary, description, examples, JSON Schema of the config; writeOnly: a secret */
  int32_t kind;
  int32_t reserved;
  const void *table;          /* struct weir_extractor, weir_transformer, ... by kind */
  /* The component's table for extension `id`, constant, or null. Its functions take the `self` of this
   * component's instances. Null: has none. [any] */
  const void *(*extension)(struct weir_string id);
};

struct weir_plugin {
  size_t size;
  uint32_t abi;               /* WEIR_ABI that it was built with */
  uint32_t needs_abi;         /* the lowest that it runs with; a host below refuses it before open() */
  struct weir_string name;
  struct weir_string version; /* semantic version */
  /* Before and after everything else. A host in a host may open twice: count. [main] */
  weir_status (*open)(const struct weir_host *host, struct weir_error *error);
  void (*close)(void);
  uint64_t count;
  const struct weir_component *const *components;
};

#if defined(__GNUC__)
#define WEIR_EXPORT __attribute__((visibility("default")))
#if defined(__has_attribute)
#if __has_attribute(retain)
#define WEIR_RETAIN used, retain /* or --gc-sections takes it away */
#endif
#endif
#ifndef WEIR_RETAIN
#define WEIR_RETAIN used
#endif
#ifdef __APPLE__
#define WEIR_SECTION "__TEXT,__weir"
#else
#define WEIR_SECTION ".weir"
#endif
/* The same facts as a JSON text in the file, readable without running anything. A plugin's build fails if
 * they differ. */
#define WEIR_INFO(json) __attribute__((section(WEIR_SECTION), WEIR_RETAIN)) static const char weir_info[] = json
#else
#define WEIR_EXPORT
#endif

/* The one symbol. Returns a constant, does nothing else. [any] */
WEIR_EXPORT const struct weir_plugin *weir_plugin_v1(void);

/* ------------------------------------------------------------------------------------- for those who write C -- */

static inline int weir_string_is(struct weir_string string, const char *other) {
  uint64_t i = 0;
  while (i < string.length && other[i] != 0 && string.data[i] == other[i]) i++;
  return i == string.length && other[i] == 0;
}

static inline struct weir_string weir_text(const char *zero_ended) {
  struct weir_string string = {zero_ended, 0};
  while (zero_ended[string.length] != 0) string.length++;
  return string;
}

/* Empty ones, with every "unknown" set: zero is a row and an offset. */
static inline void weir_batch_clear(struct weir_batch *batch) {
  static struct weir_batch empty; /* all zero, and stays so */
  *batch = empty;
  batch->size = sizeof *batch;
  batch->base = -1;
}

static inline void weir_reject_clear(struct weir_reject *reject) {
  static struct weir_reject empty;
  *reject = empty;
  reject->size = sizeof *reject;
  reject->row = WEIR_NO_ROW;
  reject->offset = -1;
  reject->within = -1;
}

static inline void weir_error_clear(struct weir_error *error) {
  static struct weir_error empty;
  *error = empty;
  error->size = sizeof *error;
  error->row = WEIR_NO_ROW;
  error->offset = -1;
}

/* Takes the rows of the batch in hand, which the caller may have changed, and pushes them, row for row, to `output`. */
static inline weir_status weir_push_rows(const struct weir_next *next, uint64_t output, struct weir_batch *batch) {
  struct weir_batch out;
  weir_batch_clear(&out);
  out.rows = batch->rows;
  batch->rows.release = NULL;
  return next->push(next, output, &out);
}

/* open() and close() of a plugin that has nothing to do there. */
static inline weir_status weir_open_nothing(const struct weir_host *host, struct weir_error *error) {
  (void)host;
  (void)error;
  return WEIR_OK;
}

static inline void weir_close_nothing(void) {}

/* Fills in an error, and returns `status`: return weir_fail(error, WEIR_NOT_FOUND, WEIR_FAULT_MANIFEST, "no
 * column"). */
static inline weir_status weir_fail(struct weir_error *error, weir_status status, int32_t fault,
                                    const char *message) {
  size_t i = 0;
  for (; message[i] != 0 && i + 1 < sizeof error->message; i++) error->message[i] = message[i];
  error->message[i] = 0;
  error->fault = fault;
  return status;
}

#ifdef __cplusplus
}
#endif
#endif
