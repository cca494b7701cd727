#include "packages/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "packages/address.hpp"
#include "security/json_text.hpp"
#include "security/small_file.hpp"
#include "security/trusted_keys.hpp"

namespace weir::packages {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kSourcesFormat = 1;
constexpr std::size_t kMaxSourcesBytes = 1U << 20U;
constexpr std::int64_t kMostSilenceSeconds = 24 * 60 * 60;

base::Error source_error(const char* code, std::string message, std::string hint) {
  return base::make_error(base::Status::failed_precondition, base::Fault::missing, code, std::move(message))
      .with_hint(std::move(hint));
}

base::Error sources_error(const fs::path& path, const std::string& what) {
  const std::string where = path.empty() ? "no home" : path.string();
  return source_error("index.sources", where + ": expected the indexes to install from, found: " + what,
                      "see that the file may be read and written; XDG_CONFIG_HOME names another folder");
}

ordered_json json_of_source(const Source& source) {
  ordered_json object{{"name", source.name}, {"place", source.places.front()}};
  if (source.places.size() > 1)
    object["mirrors"] = std::vector<std::string>(source.places.begin() + 1, source.places.end());
  object["key"] = source.key;
  object["seen"] = source.seen;
  const Network& network = source.network;
  if (!network.proxy.empty()) object["proxy"] = network.proxy;
  if (!network.authorities.empty()) object["ca"] = network.authorities;
  if (network.silence_ns != Network().silence_ns) object["timeout"] = network.silence_ns / kSecondNs;
  return object;
}

// False: it is none.
bool read_source(const ordered_json& object, Source& source) {
  if (!object.is_object()) return false;
  const auto member = [&object](const char* name) { return security::text_member(object, name); };
  source.name = member("name");
  source.places = {member("place")};
  source.key = member("key");
  source.network.proxy = member("proxy");
  source.network.authorities = member("ca");
  const auto seen = object.find("seen"), mirrors = object.find("mirrors"), timeout = object.find("timeout");
  if (source.name.empty() || source.places.front().empty() || source.key.empty() || seen == object.end() ||
      !seen->is_number_unsigned())
    return false;
  source.seen = seen->get<std::uint64_t>();
  if (mirrors != object.end()) {
    if (!mirrors->is_array()) return false;
    for (const auto& mirror : *mirrors) {
      if (!mirror.is_string()) return false;
      source.places.push_back(mirror.get<std::string>());
    }
  }
  if (timeout == object.end()) return true;
  if (!timeout->is_number_unsigned() || timeout->get<std::uint64_t>() > kMostSilenceSeconds) return false;
  source.network.silence_ns = timeout->get<std::int64_t>() * kSecondNs;
  return true;
}

}  // namespace

std::string Source::shown() const {
  std::string text;
  for (const std::string& place : places)
    text += (text.empty() ? "" : ", else ") + (is_address(place) ? shown_address(place) : place);
  return text;
}

base::Result<std::string> place_of(const std::string& text) {
  if (!is_address(text)) return fs::absolute(text).lexically_normal().string();
  WEIR_TRY(check_address(text));
  if (text.find_first_of("?#") != text.npos) return base::unexpected(wrong_address(text));  // files stand behind it
  std::string place = text;
  while (place.back() == '/') place.pop_back();
  return place;
}

fs::path Sources::file_of_user() {
  const fs::path trusted = security::TrustedKeys::file_of_user();
  return trusted.empty() ? fs::path() : trusted.parent_path() / "indexes.json";
}

base::Result<Sources> Sources::read(const fs::path& path) {
  Sources sources;
  sources.path_ = path;
  sources.read_ = sources.text();
  std::string text;
  security::FileProblem problem;
  if (path.empty()) return sources;
  if (!security::read_file(path, kMaxSourcesBytes, text, problem)) {
    if (problem.number == ENOENT || problem.number == ENOTDIR) return sources;
    return base::unexpected(sources_error(path, problem.text()));
  }
  const auto object = security::parse_document(text);
  if (!object.is_object() || object.value("weir_indexes", ordered_json()) != kSourcesFormat ||
      !object.contains("indexes") || !object["indexes"].is_array())
    return base::unexpected(sources_error(path, "something else"));
  for (const auto& one : object["indexes"]) {
    Source source;
    if (!read_source(one, source))
      return base::unexpected(sources_error(path, "an index without name, place, key and seen"));
    sources.all_.push_back(std::move(source));
  }
  sources.read_ = sources.text();
  return sources;
}

std::string Sources::text() const {
  ordered_json list = ordered_json::array();
  for (const Source& one : all_) list.push_back(json_of_source(one));
  return ordered_json{{"weir_indexes", kSourcesFormat}, {"indexes", std::move(list)}}.dump(1) + "\n";
}

base::Result<void> Sources::write() const {
  const std::string text = this->text();
  if (text == read_) return {};
  security::FileProblem problem;
  problem.number = ENOENT;
  if (path_.empty() || !security::replace_file(path_, text, security::kForOwner, problem))
    return base::unexpected(sources_error(path_, problem.text()));
  return {};
}

base::Result<void> Sources::change(const fs::path& path, const std::function<base::Result<void>(Sources&)>& change) {
  const security::FolderLock lock(path.parent_path());
  WEIR_TRY_ASSIGN(Sources sources, read(path));
  WEIR_TRY(change(sources));
  return sources.write();
}

base::Result<void> Sources::keep_seen() {
  if (text() == read_) return {};
  WEIR_TRY(change(path_, [this](Sources& kept) -> base::Result<void> {
    for (Source& one : kept.all_) {
      for (const Source& own : all_) {
        if (one.name == own.name && one.key == own.key && one.places == own.places)
          one.seen = std::max(one.seen, own.seen);
      }
    }
    return {};
  }));
  read_ = text();
  return {};
}

base::Result<void> Sources::add(Source source) {
  const bool taken =
      std::any_of(all_.begin(), all_.end(), [&source](const Source& one) { return one.name == source.name; });
  if (!taken) {
    all_.push_back(std::move(source));
    return {};
  }
  return base::unexpected(source_error("index.name", "expected a name that no index has, found '" + source.name + "'",
                                       "take another, or weir plugin index remove the old one first"));
}

base::Result<Source> Sources::remove(std::string_view name) {
  const auto found = std::find_if(all_.begin(), all_.end(), [name](const Source& one) { return one.name == name; });
  if (found == all_.end())
    return base::unexpected(source_error("index.name",
                                         "expected the name of an index, found '" + std::string(name) + "'",
                                         "weir plugin index list shows the indexes"));
  Source removed = std::move(*found);
  all_.erase(found);
  return removed;
}

}  // namespace weir::packages
