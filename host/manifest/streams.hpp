// Streams: a manifest that is about many tables, or files by name, at once: which of them it picks, what differs for one, and the
// manifest of one: that of all with its names filled in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/placeholders.hpp"
#include "manifest/tree.hpp"

namespace weir::manifest {

struct Manifest;
struct Draft;

// What becomes of a stream that was not there in the runs before.
enum class NewStreams { add, ignore, fail };

// A pattern of names, with wildcards (base/wildcards.hpp) over all of a name.
struct StreamPattern {
  std::string text;
  Where where;
};

// What `extract: { streams: … }` says.
struct StreamChoice {
  std::vector<StreamPattern> include;  // empty: all of them
  std::vector<StreamPattern> exclude;
  NewStreams on_new = NewStreams::add;
  bool stops = false;  // with the first stream that fails
  Where where;
};

// What differs for one stream.
struct StreamOverride {
  std::string stream;
  Where where;  // of its name
  Node over;    // an object of a stream's keys
};

// How a stream is called: all of it, and what stands for {schema} and {name}.
struct StreamName {
  std::string stream, schema, name;
};

// Of a name as sources write it ("public.orders"): the schema is what is before its last part.
StreamName stream_name_of(std::string_view stream);

// The manifest of one of the streams of `whole`: what differs for it laid over, its names filled in wherever a text of extract,
// transform, branches, load and reject has them; places are those of the user's text. Its `stream` is set, and it picks none.
// Errors stand in the draft. Precondition: whole.manifest.streams.
Draft draft_of_stream(const Draft& whole, const StreamName& stream, const SpellValue& spell);

}  // namespace weir::manifest
