// Manifest: what a manifest file says, as plain structs in which everything knows its place. Knows no plugin: whether a
// component exists, what kind it is, and whether its options are right, is asked later (options.hpp, compose()).
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/version.hpp"
#include "manifest/backfill.hpp"
#include "manifest/cases.hpp"
#include "manifest/interpolate.hpp"
#include "manifest/streams.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

// A component in use: `{ use: NAME | PLUGIN:NAME, name: LINK, connection: CONNECTION, …options }`, or just its name as
// a text.
struct Use {
  std::string name;    // the component; empty: not given (only in a draft with errors)
  std::string plugin;  // of PLUGIN:NAME; empty: whichever plugin has it
  std::string link;    // unique in the manifest, 1 to 64 of [0-9A-Za-z_-]: as given by `name:`, else "extract",
                       // "load", "reject", for a transformer its component's name; in a branch with its name behind,
                       // "load-big"; "filter-2" for the second
  std::string connection;  // a name under `connections:`, checked to be there; empty: none
  Node options;            // an object: what is left for the component, and what its connection gives
  Where where;             // of the text after `use:`
  Where connection_where;  // of the text after `connection:`
};

// When the checksums that are known of an object are looked at: at its end, before a row of it is read, or not at all.
enum class Verify { last, first, off };

// What the host itself does around a storage.
struct Composition {
  std::optional<Use> format;
  std::optional<Use> codec;
  std::optional<std::uint64_t>
      max_size_bytes;                  // limit on what a codec expands to; from `max_size` here or of the codec
  std::optional<std::uint64_t> rows;   // of one part
  std::optional<std::uint64_t> bytes;  // of one part
  std::vector<std::string> by;         // columns that choose the object
  bool append = false;
  Verify verify = Verify::last;
  Where rows_where, bytes_where, by_where, append_where, max_size_where;
};

struct Composed {
  Use storage;  // as it was, its options without the host's
  Composition composition;
};

enum class Side { read, write };

// The names of the host's options of a storage: "format", "codec", ...
const std::vector<std::string>& composition_keys();

// Splits a Use whose component is a storage (the caller knows) into the storage's options and the host's. Errors, all
// together: wrong types, sizes without a unit, options of the other side.
base::Result<Composed> compose(const Use& use, Side side);

struct Requirement {
  std::string plugin;  // "csv", "acme/geoip"
  base::VersionRange versions;
  Where where;  // of the version
};

struct Connection {
  std::string name;
  Use use;
  Where where;  // of its name
};

// When an epoch ends: whichever comes first; all absent: at the end of the run.
struct Checkpoint {
  std::optional<std::int64_t> every_ns;
  std::optional<std::uint64_t> rows;
  std::optional<std::uint64_t> bytes;
  Where where;
};

// How often a call that took no effect is made, and the longest delays before the second and any other time.
struct Retry {
  bool given = false;
  std::uint64_t attempts = 5;
  std::int64_t first_ns = 200'000'000;
  std::int64_t max_ns = 30'000'000'000;
  std::uint64_t budget = 100;                      // repeats of a run, beyond a tenth of its calls
  std::uint64_t breaker_failures = 10;             // in a row, until a connection is left alone
  std::int64_t breaker_pause_ns = 30'000'000'000;  // for so long
  Where where;
};

// How long things may take.
struct Deadlines {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();  // off
  bool call_given = false;
  std::int64_t call_ns = 300'000'000'000;    // a call of a plugin
  std::int64_t cancel_ns = 10'000'000'000;   // then, its end when it was told to stop
  std::int64_t stalled_ns = 60'000'000'000;  // without anything moved until that is told
  std::int64_t exit_ns = kNever;             // the same until the run is ended
};

// When a run stops for its rejects: more than `rejects`, or more than `rejects_share` once `sample` rows were seen.
struct Limits {
  std::optional<std::uint64_t> rejects;
  std::optional<double> rejects_share;  // 0.01 is 1%
  std::uint64_t sample = 10'000;
  Where where;  // of `rejects`
};

// How long is kept what runs came to: the last `runs`, and those of the last `days`. Neither: as many as the host likes.
struct Keep {
  std::optional<std::uint64_t> runs, days;
};

// What follows an output of a transformer that routes.
struct Branch {
  std::string name;  // of the output
  Where where;       // of its name
  std::vector<Use> transform;
  std::vector<Use> load;  // each gets every row; empty: the last of `transform` routes on
};

struct Manifest {
  std::string file;              // as the user wrote it
  std::filesystem::path path;    // the real path
  std::filesystem::path folder;  // what relative paths in it start from; absolute
  std::string name;              // at most 128 bytes; not given: the file's name up to its first dot
  std::vector<Requirement> plugins;
  std::vector<Connection> connections;
  std::vector<Use> extract;  // their rows together are what flows
  std::vector<Use> transform;
  std::vector<Use> load;  // each gets every row; empty: the last of `transform` routes to branches
  std::vector<Branch> branches;
  std::optional<Use> reject;
  Checkpoint checkpoint;
  Retry retry;
  Deadlines deadlines;
  Limits limits;
  Keep keep;
  std::optional<Use> store;  // what the state is kept in, its link is "state"; none: the state folder
  // Objects, for components that have an option of that name; null: not given.
  Node times;  // what times without more mean
  Node drift;  // what is done where a destination has other columns, or other types, than the rows
  std::vector<Case> cases;
  Node tree;                              // all of it, interpolated
  std::optional<StreamChoice> streams;    // which streams it is about; none: it is about one flow of rows
  std::vector<StreamOverride> overrides;  // in the order of the manifest
  std::string stream;                     // of draft_of_stream(): which one it is
  std::optional<Range> range;             // of draft_of_range(): which one it is
  std::optional<Node> backfill;           // what differs for a range

  // The stream and the range that it is of, as people are shown them; empty: of neither.
  std::string part() const;
  // The same for programs: no two parts have the same.
  std::string part_id() const;
};

// What could be understood, and every error. `manifest` is whole if and only if `errors` is empty; with errors its
// parts may still be checked further, so that all errors of a manifest are told at once.
struct Draft {
  Manifest manifest;
  std::vector<base::Error> errors;
  bool readable = false;  // the text was a tree; false: `manifest` is empty
};

// Reads, parses, interpolates (the folder in `values` is replaced by the manifest's own) and understands the pipelines of a
// manifest that `values` asks for: at least one draft. Secrets' texts go to `redactor`.
std::vector<Draft> load_drafts(const std::string& file, Values values, observe::Redactor& redactor);

// The same for who wants one: a file with several, of which none was asked for, is an error.
Draft load_draft(const std::string& file, Values values, observe::Redactor& redactor);

// The same for a text at hand; `folder` as in Manifest.
Draft draft_from_text(std::string file, std::string text, const Values& values, observe::Redactor& redactor);

// load_draft() for those who want all or nothing: the Error is the first, the others stand in its `also`.
base::Result<Manifest> load(const std::string& file, Values values, observe::Redactor& redactor);

}  // namespace weir::manifest
