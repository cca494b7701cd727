#include "pipeline/links/checksums.hpp"

#include <algorithm>
#include <set>

#include "base/utf8.hpp"
#include "pipeline/links/bytes.hpp"

namespace weir::pipeline {
namespace {

constexpr std::string_view kOfFolder = "SHA256SUMS";
constexpr std::string_view kOfOne = ".sha256";
constexpr std::size_t kMostChecksumBytes = 64U << 20U;  // of a file of checksums: of half a million objects

// The part of a name that names its folder, and what is in it: behind the last '/', or the last `between`.
std::string_view folder_of(std::string_view name, std::string_view between) {
  const std::size_t at = name.find_last_of(between);
  return at == std::string_view::npos ? std::string_view() : name.substr(0, at + 1);
}

std::string without_dot(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return std::string(name);
}

std::string place_text(const std::string& file, std::uint64_t line) {
  return shown_name(file) + ":" + std::to_string(line);
}

base::Error too_large(const std::string& shown) {
  return base::make_error(base::Status::out_of_range, base::Fault::source, "source.checksum_file",
                          "expected a file of checksums of at most 64 MiB, found a larger one")
      .with_hint("verify: off reads files without it")
      .with_place({shown, 0, 0, 0, ""});
}

base::Error of_another(const std::string& shown, const std::string& name, const ChecksumLine& line) {
  return base::make_error(base::Status::data_loss, base::Fault::source, "source.checksum_file",
                          "expected the checksum of '" + name + "', found that of '" + base::printable(line.name) + "'")
      .with_hint("name the file there as it is called here; verify: off reads it without its checksum")
      .with_place({shown, line.line, 1, 0, ""});
}

// "sha256:HEX", as a storage tells it; others are none of ours.
std::optional<Expected> told(const std::string& checksum) {
  const std::size_t colon = checksum.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string algorithm = checksum.substr(0, colon);
  const std::map<std::string, std::size_t> digits{{"md5", 32}, {"sha1", 40}, {"sha256", 64}, {"sha512", 128}};
  const auto known = digits.find(algorithm);
  std::string digest = checksum.substr(colon + 1);
  std::transform(digest.begin(), digest.end(), digest.begin(),
                 [](char one) { return one >= 'A' && one <= 'F' ? static_cast<char>(one - 'A' + 'a') : one; });
  const bool right = known != digits.end() && digest.size() == known->second &&
                     digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  return right ? std::optional<Expected>({algorithm, digest, "the storage"}) : std::nullopt;
}

}  // namespace

base::Result<std::optional<StoredObject>> find_object(const Component& storage, void* storage_self,
                                                      const std::string& name) {
  const auto& table = storage.table<weir_storage>();
  if (!WEIR_CAN(&table, stat)) return std::optional<StoredObject>();
  ObjectSink sink;
  auto called = storage.call("stat", [&](weir_error* error) {
    sink.objects.clear();
    return table.stat(storage_self, {name.data(), name.size()}, &sink, error);
  });
  if (!called) {
    const base::Status status = called.error().status;
    if (status == base::Status::not_found || status == base::Status::unimplemented)
      return std::optional<StoredObject>();
    return base::unexpected(std::move(called).error());
  }
  return sink.objects.empty() ? std::nullopt : std::optional<StoredObject>(std::move(sink.objects.front()));
}

// What a file of checksums holds; none: there is none.
base::Result<std::optional<std::string>> Checksums::text_of(const std::string& name) const {
  WEIR_TRY_ASSIGN(const auto found, find_object(*storage_, self_, name));
  if (!found) return std::optional<std::string>();
  std::atomic<std::uint64_t> uncounted{0};
  const std::string shown = shown_name(name);
  WEIR_TRY_ASSIGN(const auto stream, open_object(storage_, self_, name, found->version, shown, &uncounted));
  std::string text;
  std::vector<std::uint8_t> buffer(64U << 10U);
  for (bool end = false; !end;) {
    WEIR_TRY_ASSIGN(const std::size_t got, stream->read(buffer, &end));
    text.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    if (text.size() > kMostChecksumBytes) return base::unexpected(too_large(shown));
  }
  return std::optional<std::string>(std::move(text));
}

// By NAME.sha256: a digest alone, or a line that names the object; what stands before the last '/' there is of no matter.
base::Result<void> Checksums::add_own(const StoredObject& object, std::vector<Expected>& expected) const {
  const std::string file = object.name + std::string(kOfOne);
  WEIR_TRY_ASSIGN(const auto text, text_of(file));
  if (!text) return {};
  const std::string shown = shown_name(file);
  WEIR_TRY_ASSIGN(const auto lines, parse_checksums(*text, shown, Digests::or_alone));
  const std::size_t before = expected.size();
  for (const auto& line : lines) {
    const std::string_view named = std::string_view(line.name).substr(folder_of(line.name, "/").size());
    const bool its = named.empty() ||
                     named == std::string_view(object.name).substr(folder_of(object.name, "/").size()) ||
                     named == std::string_view(object.name).substr(folder_of(object.name, "/!").size());
    if (its) expected.push_back({"sha256", line.sha256, place_text(file, line.line)});
  }
  if (expected.size() == before && !lines.empty())
    return base::unexpected(of_another(shown, shown_name(object.name), lines.front()));
  return {};
}

base::Result<const Checksums::Lines*> Checksums::lines_of(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (const auto known = folders_.find(folder); known != folders_.end()) return &known->second;
  const std::string file = folder + std::string(kOfFolder);
  WEIR_TRY_ASSIGN(const auto text, text_of(file));
  Lines by_name;
  if (text) {
    WEIR_TRY_ASSIGN(auto lines, parse_checksums(*text, shown_name(file), Digests::named));
    for (auto& line : lines) by_name[without_dot(line.name)].push_back(std::move(line));
  }
  return &folders_.emplace(folder, std::move(by_name)).first->second;
}

base::Result<void> Checksums::add_of_folder(const std::string& folder, const std::string& name,
                                            std::vector<Expected>& expected) {
  WEIR_TRY_ASSIGN(const Lines* const lines, lines_of(folder));
  const auto found = lines->find(name);
  if (found == lines->end()) return {};
  for (const auto& line : found->second)
    expected.push_back({"sha256", line.sha256, place_text(folder + std::string(kOfFolder), line.line)});
  return {};
}

base::Result<std::vector<Expected>> Checksums::of(const StoredObject& object) {
  std::vector<Expected> expected;
  if (auto own = told(object.checksum)) expected.push_back(std::move(*own));
  if (object.name == "-") return expected;  // standard input has no neighbours
  WEIR_TRY(add_own(object, expected));
  // A member of an archive, ARCHIVE!MEMBER, has its neighbours there; a file with such a name has them in its folder.
  const std::string_view folder = folder_of(object.name, "/"), inner = folder_of(object.name, "/!");
  for (const std::string_view one : inner == folder ? std::vector{folder} : std::vector{folder, inner})
    WEIR_TRY(add_of_folder(std::string(one), object.name.substr(one.size()), expected));
  return expected;
}

std::vector<std::string> take_out_checksums(std::vector<StoredObject>& objects) {
  std::set<std::string, std::less<>> names;
  for (const auto& object : objects) names.insert(object.name);
  const auto of_folder = [](std::string_view name) { return name.substr(folder_of(name, "/!").size()) == kOfFolder; };
  const auto has_others = [&](std::string_view folder) {
    for (auto at = names.lower_bound(folder); at != names.end() && at->starts_with(folder); ++at) {
      if (!of_folder(*at)) return true;
    }
    return false;
  };
  std::vector<std::string> taken;
  std::erase_if(objects, [&](const StoredObject& object) {
    const std::string_view name = object.name;
    const bool of_one = name.ends_with(kOfOne) && names.contains(name.substr(0, name.size() - kOfOne.size()));
    const bool of_all = of_folder(name) && has_others(folder_of(name, "/!"));
    if (of_one || of_all) taken.push_back(object.name);
    return of_one || of_all;
  });
  return taken;
}

}  // namespace weir::pipeline
