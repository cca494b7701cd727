// Node: a manifest as a tree of values that know where they were written. YAML and JSON load into the same tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/source.hpp"

namespace weir::manifest {

enum class Kind { null, boolean, integer, number, text, array, object };

// A stretch of a text value and the bytes that spell it. `exact`: byte for byte; else all of the stretch comes from
// all of those bytes (an escape, a folded line, an interpolation).
struct TextRun {
  std::size_t text_offset = 0;
  std::size_t text_length = 0;
  std::size_t source_offset = 0;
  std::size_t source_length = 0;
  bool exact = true;
};

struct Member;

// One value. Copies are deep. Threads: as a value.
struct Node {
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;     // kind integer
  double number = 0;            // kind number, and integer: the same value
  std::string text;             // kind text: the value; number and integer: as it was spelled, so no digit is lost
  std::vector<Node> items;      // kind array
  std::vector<Member> members;  // kind object, in the order of the file; keys are unique

  Where where;                // all of the value, with its quotes
  std::vector<TextRun> runs;  // kind text: in order, covering the value; empty: only `where` is known
  bool secret = false;        // holds a secret's text: describe() and messages must not show it
  bool interpolated = false;  // a text that came from ${...}: may stand for a number or a boolean

  // Looks a member up by name; null if there is none, or this is no object.
  const Node* find(std::string_view name) const;
  const Member* member(std::string_view name) const;

  // Looks up by JSON pointer ("/transform/0/where"; "" is this node); null if nothing is there.
  const Node* at(std::string_view pointer) const;

  // As at(), but gives the deepest node on the way that exists.
  const Node& nearest_at(std::string_view pointer) const;

  // The JSON pointer from this node to `descendant` (a node of this very tree, by address); nullopt if it is not below.
  std::optional<std::string> pointer_to(const Node& descendant) const;

  // Makes JSON of the subtree. Numbers beyond 64 bits become doubles, as JSON readers do.
  nlohmann::ordered_json to_json() const;

  // The place of byte `text_offset` of a text value, `length` bytes long: exact where the spelling is one to one, else
  // the bytes that spell it. Any other kind, or an offset past the end of a text without runs: all of the value.
  base::Place place_in_text(std::size_t text_offset, std::size_t length = 1) const;

  base::Place place() const { return where.place(); }
};

struct Member {
  std::string key;
  Where key_where;
  Node value;
};

// Returns the tree with `***` in place of every text that holds a secret.
Node without_secrets(Node node);

// Shows a value in a message, short and on one line: `"maybe"`, `10`, `a list of 3`, `an object`, `null`; a secret:
// `***`.
std::string describe(const Node& node);

// Names a kind in a message: "text", "true or false", "an integer", "a number", "a list", "an object", "null".
std::string kind_name(Kind kind);

}  // namespace weir::manifest
