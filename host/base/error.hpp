// Error: what went wrong, where, whose turn it is, and what to do. Every failure of the host is one of these; the
// program prints it as `place: error: message`, the source line with a caret, `hint:` and `code:`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir::base {

// The canonical status codes, the numbers of the ABI's weir_status.
enum class Status : std::int32_t {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

// Whose turn it is to act. Decides the exit code (exit_code()).
enum class Fault : std::int32_t {
  unknown = 0,
  manifest = 1,     // usage and manifest: exit 2
  source = 2,       // exit 1
  data = 3,         // exit 1
  destination = 4,  // exit 1
  plugin = 5,       // a plugin that misbehaved while it ran: exit 1
  host = 6,         // ours: exit 1
  missing = 7,      // a plugin or component that is missing, refused or incompatible: exit 4
  integrity = 8,    // the ledger does not balance, a foreign token: exit 5
  limit = 9,        // rows rejected beyond the manifest's limit: exit 3
};

// A place in a text file, of the manifest or of the data. Lines and columns count from 1; columns are bytes. 0: unknown.
struct Place {
  std::string file;  // as the user wrote it
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::uint64_t length = 0;  // bytes to underline; 0: one
  std::string source_line;   // the text of that line, for the caret; empty: not at hand

  bool known() const { return !file.empty(); }
};

// A value; not shared between threads while it is changed.
struct Error {
  Status status = Status::internal;
  Fault fault = Fault::host;
  std::string code;     // stable dotted name, "manifest.unknown_key": for `weir explain` and programs
  std::string message;  // what was expected, what was found; lower case, no full stop
  std::string hint;     // the cure; empty: none known
  Place place;
  std::string link;         // the link in whose work it arose; empty: none
  std::vector<Error> also;  // further errors found with this one (all of a manifest's are told at once)

  Error&& with_hint(std::string text) && {
    hint = std::move(text);
    return std::move(*this);
  }
  Error&& with_place(Place where) && {
    place = std::move(where);
    return std::move(*this);
  }
  Error&& with_link(std::string name) && {
    link = std::move(name);
    return std::move(*this);
  }
};

// Makes an Error of the manifest's author, status INVALID_ARGUMENT.
inline Error manifest_error(std::string code, std::string message, Place place = {}) {
  Error error;
  error.status = Status::invalid_argument;
  error.fault = Fault::manifest;
  error.code = std::move(code);
  error.message = std::move(message);
  error.place = std::move(place);
  return error;
}

// Makes any other Error.
inline Error make_error(Status status, Fault fault, std::string code, std::string message) {
  Error error;
  error.status = status;
  error.fault = fault;
  error.code = std::move(code);
  error.message = std::move(message);
  return error;
}

// The program's exit code for a run that ended with `error`.
inline int exit_code(const Error& error) {
  switch (error.fault) {
    case Fault::manifest: return 2;
    case Fault::missing: return 4;
    case Fault::integrity: return 5;
    case Fault::limit: return 3;
    default: return 1;
  }
}

}  // namespace weir::base
