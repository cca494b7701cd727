// What a test of a codec needs of a host: whole inputs through one instance, in pieces of any size. Threads: a test's one.
#pragma once

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "testing.hpp"

namespace weir::testing {

// What became of an input: all bytes that came before an error, if there was one.
struct Recoded {
  weir_status status = WEIR_OK;
  std::string message, hint;
  std::string bytes;
  int ended = 0;  // streams
};

// At most so many bytes go into a step, and come out of it.
struct Pieces {
  std::size_t in = 65536, out = 65536;
};

// The table of the codec that is tested: the plugin's first component.
inline const weir_codec& codec_of_plugin() {
  return *static_cast<const weir_codec*>(weir_plugin_v1()->components[0]->table);
}

// Runs a whole input through one instance as a host does. Throws std::logic_error if the codec breaks its promises.
inline Recoded recode(bool compress, std::string_view input, Pieces pieces = {}, Options options = {}) {
  Surroundings surroundings(std::move(options));
  weir_error error = no_error();
  Recoded outcome;
  void* self = nullptr;
  outcome.status = codec_of_plugin().create(surroundings.context(), compress ? 1 : 0, &self, &error);
  std::string room(pieces.out, '\0');
  std::size_t at = 0;
  for (bool over = outcome.status != WEIR_OK; !over;) {
    // A copy of exactly this size, so that a sanitizer sees a read behind it.
    const std::string in(input.substr(at, pieces.in));
    const bool last = at + in.size() == input.size();
    std::uint64_t consumed = 0, produced = 0;
    std::int32_t done = 0;
    outcome.status =
        codec_of_plugin().step(self, to_bytes(in), last ? 1 : 0, reinterpret_cast<std::uint8_t*>(room.data()),
                               room.size(), &consumed, &produced, &done, &error);
    if (outcome.status != WEIR_OK) break;
    if (consumed > in.size() || produced > room.size()) throw std::logic_error("more bytes than there were");
    if (consumed == 0 && produced == 0 && done == 0 && last && in.empty()) throw std::logic_error("stuck at the end");
    at += static_cast<std::size_t>(consumed);
    outcome.bytes.append(room, 0, static_cast<std::size_t>(produced));
    outcome.ended += done;
    over = done != 0 && at == input.size();
  }
  if (outcome.status != WEIR_OK) {
    outcome.message = error.message;
    outcome.hint = error.hint;
  }
  if (self != nullptr) codec_of_plugin().destroy(self);
  return outcome;
}

// How sure the codec is of an object of this name that begins so.
inline std::int32_t sniff_codec(std::string_view name, std::string_view head) {
  weir_sniff found{};
  found.size = sizeof found;
  found.name = to_weir(name);
  found.head = to_bytes(head);
  return codec_of_plugin().sniff(&found);
}

// Text that a codec can make smaller, the same for the same seed.
inline std::string sample_text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) text += std::to_string(random() % 5000) + ",pen,DE\n";
  text.resize(size);
  return text;
}

}  // namespace weir::testing
