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

// A packed input and what it expands to.
struct Packed {
  std::string bytes, text;
};

// The following give what was wrong first, and nothing if all was well.

// Expands the input in pieces of many sizes.
inline std::string wrong_in_pieces(const Packed& packed, const Options& options = {}) {
  const auto tried = [&](Pieces pieces) -> std::string {
    const Recoded outcome = recode(false, packed.bytes, pieces, options);
    if (outcome.status == WEIR_OK && outcome.bytes == packed.text) return {};
    return "pieces of " + std::to_string(pieces.in) + " and " + std::to_string(pieces.out) +
           " bytes: " + (outcome.message.empty() ? "other bytes" : outcome.message);
  };
  for (std::size_t in = 1; in < 24; ++in) {
    for (std::size_t out = 1; out < 24; ++out) {
      if (std::string wrong = tried({in, out}); !wrong.empty()) return wrong;
    }
  }
  std::string wrong = tried({packed.bytes.size(), packed.text.size()});
  return wrong.empty() ? tried({packed.bytes.size(), packed.text.size() + 1}) : wrong;
}

// Cuts the input at every length but `whole`: each must be told with DATA_LOSS and `message`.
inline std::string cut_unnoticed(const Packed& packed, const std::string& message, const Options& options = {},
                                 std::size_t whole = 0) {
  for (std::size_t length = 0; length < packed.bytes.size(); ++length) {
    if (length > 0 && length == whole) continue;
    for (const Pieces pieces : {Pieces{1, 100}, Pieces{4096, 100}, Pieces{4096, packed.text.size() + 1}}) {
      const Recoded outcome = recode(false, packed.bytes.substr(0, length), pieces, options);
      if (outcome.status != WEIR_DATA_LOSS || outcome.message.find(message) == std::string::npos)
        return "cut at " + std::to_string(length) + ": '" + outcome.message + "'";
    }
  }
  return {};
}

// Flips each bit of the input by itself: an error, or the same bytes. With `checked` false, for what has no checksum, other
// bytes too.
inline std::string flip_accepted(const Packed& packed, const Options& options = {}, bool checked = true) {
  for (std::size_t bit = 0; bit < packed.bytes.size() * 8; ++bit) {
    std::string wrong = packed.bytes;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << (bit % 8)));
    const Recoded outcome = recode(false, wrong, {4096, 333}, options);
    const bool kept = outcome.bytes == packed.text || !checked;
    if (outcome.status == WEIR_OK ? !kept : outcome.status == WEIR_INTERNAL || outcome.message.empty())
      return "bit " + std::to_string(bit) + ": " + (outcome.message.empty() ? "other bytes" : outcome.message);
  }
  return {};
}

// Flips 1 to 8 random bits, and puts random bytes behind `head`: an error, or for the flips the same bytes.
inline std::string noise_accepted(const Packed& packed, const std::string& head, unsigned seed,
                                  const Options& options = {}) {
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string wrong = packed.bytes;
    for (unsigned flips = 1 + random() % 8; flips > 0; --flips) {
      const std::size_t bit = random() % (wrong.size() * 8);
      wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << (bit % 8)));
    }
    const Recoded outcome = recode(false, wrong, {1 + random() % 4096, 1 + random() % 4096}, options);
    if (outcome.status == WEIR_OK ? outcome.bytes != packed.text : outcome.status == WEIR_INTERNAL)
      return "flips " + std::to_string(i) + ": " + (outcome.message.empty() ? "other bytes" : outcome.message);
    std::string noise = head;
    for (std::size_t count = random() % 300; count > 0; --count) noise += static_cast<char>(random());
    const Recoded of_noise = recode(false, noise, {1 + random() % 64, 1 + random() % 64}, options);
    if (of_noise.status == WEIR_INTERNAL) return "noise " + std::to_string(i) + ": " + of_noise.message;
  }
  return {};
}

}  // namespace weir::testing
