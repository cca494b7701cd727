// Measure: what one function has come to, group by group.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include <weir/weir.hpp>

#include "call.hpp"
#include "packed.hpp"

namespace weir::aggregate {

// Thrown by finish(): the group has a sum that its column can't hold; the sum as a text, and what it should be.
struct BeyondRange {
  std::size_t group;
  std::string sum, range;
};

// Who reads what is packed: an instance that merges it, or one that goes on from a checkpoint. They differ where what a
// checkpoint needs is told apart.
enum class For { merge, checkpoint };

// Threads: one at a time.
class Measure {
 public:
  Measure() = default;
  Measure(const Measure&) = delete;
  Measure& operator=(const Measure&) = delete;
  virtual ~Measure() = default;

  // Makes room for so many groups; those that are new have no rows.
  virtual void resize(std::size_t groups) = 0;
  // Adds the rows of a batch; groups[i] is the group of row i.
  virtual void add(const Batch& batch, std::span<const std::uint32_t> groups) = 0;
  // Appends what groups [from, to) have come to; adds what pack() told to these groups. A batch of the same rows, or of rows
  // behind, may have been added before.
  virtual void pack(std::size_t from, std::size_t to, For whom, std::string& to_bytes) = 0;
  virtual void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For whom) = 0;
  // The column of groups [from, to). Throws BeyondRange.
  virtual Array finish(std::size_t from, std::size_t to) const = 0;
  // Memory, roughly.
  virtual std::uint64_t bytes() const = 0;
  // Items of a checkpoint beside the groups, whose names begin with `name`: what changed since kept(). restore() gives false for
  // one that is none of them.
  virtual void snapshot(const StateSink& /*changes*/, const std::string& /*name*/) {}
  virtual void kept() {}
  virtual bool restore(std::string_view /*key*/, std::string_view /*value*/, const std::string& /*name*/) {
    return false;
  }
};

// The measure of a call, and its column's field, called `name`. `input` is lent. `most_bytes`: what distinct values may take.
std::pair<std::unique_ptr<Measure>, Schema> make_measure(const Call& call, const ArrowSchema& input,
                                                         std::string_view name, std::uint64_t most_bytes);

}  // namespace weir::aggregate
