// SeenFiles: which objects earlier runs have loaded, so that a run reads only the others (the option only_new of a storage). What a
// run leaves is a text that the host keeps; an object that is gone stays in it for a while, for it may be put back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pipeline/sinks.hpp"

namespace weir::pipeline {

// By what an object is known again.
enum class KnownBy : std::uint8_t { name, size, time, digest };

// Of a storage's option; nothing: it has none, all objects are read.
std::optional<KnownBy> known_by(std::string_view option);

// Threads: one caller at a time.
class SeenFiles {
 public:
  using Digest = std::function<base::Result<std::string>(const StoredObject&)>;
  using Clock = std::function<std::int64_t()>;  // nanoseconds since 1970

  // `left`: text() of the last run; empty: there was none. `digest` gives what tells an object's content. Errors: the text is none
  // of this kind.
  static base::Result<SeenFiles> of(std::string_view left, KnownBy by, Digest digest, Clock now);

  // Takes objects that were seen out of `all`, and sees the others. Gives how many it took out.
  base::Result<std::size_t> take_out(std::vector<StoredObject>& all);
  // What the next run is to know. Without new objects it is what was left, to the byte.
  std::string text() const;

 private:
  struct Seen {
    std::int64_t bytes = -1, modified_ns = 0;
    std::string version, digest;
    std::int64_t gone_ns = 0;  // since when it is not there; 0: it is
  };
  SeenFiles(KnownBy by, Digest digest, Clock now) : by_(by), digest_(std::move(digest)), now_(std::move(now)) {}
  bool same(const Seen& seen, const StoredObject& object) const;
  base::Result<std::string> digest_of(const StoredObject& object, const Seen* seen) const;
  void drop_gone(const std::vector<StoredObject>& all);

  KnownBy by_;
  Digest digest_;
  Clock now_;
  std::string left_;
  bool changed_ = false;
  std::map<std::string, Seen, std::less<>> seen_;  // by name
};

}  // namespace weir::pipeline
