#include "pipeline/links/file_resume.hpp"

#include <nlohmann/json.hpp>

#include "base/hex.hpp"

namespace weir::pipeline {
namespace {

using nlohmann::json;

// Of a JSON text of hexadecimal digits; throws what nlohmann throws if it is none.
std::string bytes_of(const json& value) {
  auto bytes = base::from_hex(value.get_ref<const std::string&>());
  if (!bytes) throw json::other_error::create(501, "not hexadecimal", nullptr);
  return std::move(*bytes);
}

FileResume parsed_resume(const json& list) {
  FileResume resume;
  for (const auto& item : list) {
    FileResume::Object& object = resume.objects.emplace_back();
    object.key = bytes_of(item.at("key"));
    object.name = bytes_of(item.at("name"));
    object.parts = item.at("parts").get_ref<const json::number_unsigned_t&>();
    if (!item.contains("paused")) continue;
    const json& part = item["paused"];
    object.part = {bytes_of(part.at("committable")), part.at("rows").get_ref<const json::number_unsigned_t&>(),
                   part.at("bytes").get_ref<const json::number_unsigned_t&>(), bytes_of(part.at("version"))};
    if (part.contains("columns")) object.part->columns = bytes_of(part["columns"]);
    if (!part.contains("taken")) continue;  // of a checkpoint that an earlier weir stored
    const auto digest = integrity::Digest::from_text(part["taken"].get_ref<const std::string&>());
    if (!digest) throw json::other_error::create(501, "no digest", nullptr);
    object.part->taken = *digest;
    object.part->taken_rows = part.at("taken_rows").get_ref<const json::number_unsigned_t&>();
  }
  return resume;
}

}  // namespace

std::string FileResume::text() const {
  json list = json::array();
  for (const auto& object : objects) {
    json item{{"key", base::to_hex(object.key)}, {"name", base::to_hex(object.name)}, {"parts", object.parts}};
    if (object.part) {
      item["paused"] = {{"committable", base::to_hex(object.part->committable)},
                        {"rows", object.part->rows},
                        {"bytes", object.part->bytes},
                        {"version", base::to_hex(object.part->version)},
                        {"taken_rows", object.part->taken_rows},
                        {"taken", object.part->taken.to_text()},
                        {"columns", base::to_hex(object.part->columns)}};
    }
    list.push_back(std::move(item));
  }
  return list.dump();
}

base::Result<FileResume> FileResume::parse(const std::string& text) {
  if (text.empty()) return FileResume{};
  try {
    return parsed_resume(json::parse(text));
  } catch (const json::exception&) {
    return base::unexpected(
        base::make_error(base::Status::data_loss, base::Fault::host, "state.damaged",
                         "expected the open files of a load in its checkpoint, found something else")
            .with_hint("run with --fresh to write everything again"));
  }
}

std::vector<std::string> FileResume::kept() const {
  std::vector<std::string> kept;
  for (const auto& object : objects) {
    if (object.part) kept.push_back(object.part->committable);
  }
  return kept;
}

}  // namespace weir::pipeline
