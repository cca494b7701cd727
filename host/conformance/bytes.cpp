#include "conformance/bytes.hpp"

#include <algorithm>
#include <cstring>

namespace weir::conformance {
namespace {

weir_status refuse(weir_status status, weir_error* error) {
  return weir_fail(error, status, WEIR_FAULT_UNKNOWN, "the run was stopped");
}

void close_nothing(const weir_input*) {}
void close_nothing_written(const weir_output*) {}

}  // namespace

MemoryInput::MemoryInput(Session& session, std::string_view bytes, std::size_t piece)
    : session_(session), bytes_(bytes), piece_(piece) {
  table_.size = sizeof(weir_input);
  table_.length = static_cast<std::int64_t>(bytes.size());
  table_.read = read;
  table_.read_at = read_at;
  table_.close = close_nothing;
  table_.cancel = close_nothing;
  table_.self = this;
}

weir_status MemoryInput::read(const weir_input* raw, std::int64_t, std::uint8_t* buffer, std::uint64_t capacity,
                              std::uint64_t* got, std::int32_t* outcome, weir_error* error) {
  MemoryInput& self = *static_cast<const Table*>(raw)->self;
  if (const weir_status status = self.session_.callback("read"); status != WEIR_OK) return refuse(status, error);
  const std::size_t count = std::min({self.bytes_.size() - self.at_, static_cast<std::size_t>(capacity), self.piece_});
  std::memcpy(buffer, self.bytes_.data() + self.at_, count);
  self.at_ += count;
  *got = count;
  *outcome = count == 0 && capacity > 0 ? WEIR_READ_END : WEIR_READ_MORE;
  return WEIR_OK;
}

weir_status MemoryInput::read_at(const weir_input* raw, std::uint64_t offset, std::uint8_t* buffer,
                                 std::uint64_t capacity, std::uint64_t* got, weir_error* error) {
  MemoryInput& self = *static_cast<const Table*>(raw)->self;
  if (const weir_status status = self.session_.callback("read_at"); status != WEIR_OK) return refuse(status, error);
  const std::size_t begin = std::min<std::size_t>(self.bytes_.size(), offset);
  *got = std::min({self.bytes_.size() - begin, static_cast<std::size_t>(capacity), self.piece_});
  std::memcpy(buffer, self.bytes_.data() + begin, *got);
  return WEIR_OK;
}

MemoryOutput::MemoryOutput(Session& session) : session_(session) {
  table_.size = sizeof(weir_output);
  table_.write = write;
  table_.close = close_nothing_written;
  table_.cancel = close_nothing_written;
  table_.self = this;
}

weir_status MemoryOutput::write(const weir_output* raw, weir_bytes bytes, weir_error* error) {
  MemoryOutput& self = *static_cast<const Table*>(raw)->self;
  if (const weir_status status = self.session_.callback("write"); status != WEIR_OK) return refuse(status, error);
  self.bytes_.append(reinterpret_cast<const char*>(bytes.data), bytes.length);
  return WEIR_OK;
}

}  // namespace weir::conformance
