#include "run/rejects_file.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>

#include "state/places.hpp"

namespace weir::run {
namespace {

namespace fs = std::filesystem;
using recovery::RejectsFile;

constexpr std::size_t kChunk = 1U << 20U;

class Hash {
 public:
  Hash() : state_(XXH3_createState(), &XXH3_freeState) { XXH3_128bits_reset(state_.get()); }
  void add(const char* bytes, std::size_t size) { XXH3_128bits_update(state_.get(), bytes, size); }
  std::string text() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    std::array<char, 33> digits{};
    std::snprintf(digits.data(), digits.size(), "%016lx%016lx", hash.high64, hash.low64);
    return digits.data();
  }

 private:
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
};

// Reads the stretch piece by piece; false: it is not all there.
bool read(const RejectsFile& file, const std::function<void(const char*, std::size_t)>& take) {
  std::ifstream in(file.path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(file.begin));
  std::vector<char> bytes(kChunk);
  for (std::uint64_t left = file.end - file.begin; left > 0;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, kChunk));
    if (!in.read(bytes.data(), static_cast<std::streamsize>(wanted))) return false;
    take(bytes.data(), wanted);
    left -= wanted;
  }
  return true;
}

base::Error changed(const RejectsFile& file) {
  return base::make_error(
             base::Status::failed_precondition, base::Fault::data, "replay.rejects_changed",
             "expected the rejects of the run in '" + file.path + "', found that the file has changed since")
      .with_hint("put back the file as the run left it; a later run of the pipeline writes its own rejects there");
}

}  // namespace

std::uint64_t end_of(const fs::path& file) {
  std::error_code problem;
  const std::uintmax_t size = fs::file_size(file, problem);
  return problem ? 0 : size;
}

void measure(RejectsFile& file) {
  file.end = end_of(file.path);
  file.digest.clear();
  if (file.end <= file.begin) return;
  Hash hash;
  if (read(file, [&hash](const char* bytes, std::size_t size) { hash.add(bytes, size); })) file.digest = hash.text();
}

base::Result<void> copy_rejects(const RejectsFile& file, const fs::path& to) {
  std::error_code problem;
  if (!fs::exists(file.path, problem)) {
    return base::unexpected(
        base::make_error(base::Status::not_found, base::Fault::data, "replay.rejects_gone",
                         "expected the rejects of the run in '" + file.path + "', found no such file")
            .with_hint("put it back where the run left it: what was in it stands nowhere else"));
  }
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  Hash hash;
  const bool all = read(file, [&](const char* bytes, std::size_t size) {
    hash.add(bytes, size);
    out.write(bytes, static_cast<std::streamsize>(size));
  });
  if (!out.flush()) return base::unexpected(state::unusable(to, "a file that can't be written"));
  if (!all || file.digest.empty() || hash.text() != file.digest) return base::unexpected(changed(file));
  return {};
}

}  // namespace weir::run
