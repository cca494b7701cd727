// Arrow schemas as a hostile plugin tells them: the structs are sound C, what they tell may be anything that can be seen to be
// wrong. Texts end, metadata is as long as it claims to be.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/weir.h>

#include "bytes.hpp"

namespace weir::fuzz {

// A schema; it ends with this object. Threads: one.
class HostileSchema {
 public:
  explicit HostileSchema(Bytes& bytes) : bytes_(bytes), root_(&fields_.emplace_back()) {
    fill(*root_, bytes_.lies() ? nullptr : "+s", 0);
  }
  HostileSchema(const HostileSchema&) = delete;
  HostileSchema& operator=(const HostileSchema&) = delete;

  const ArrowSchema& get() const { return *root_; }

 private:
  static constexpr const char* kFormats[] = {
      "l",   "u",      "g",       "b",    "+l",    "+s",     "z",           "U",   "Z",    "+L",
      "+m",  "+w:2",   "vu",      "vz",   "n",     "c",      "C",           "s",   "S",    "i",
      "I",   "L",      "e",       "f",    "d:9,2", "d:38,0", "d:76,76,256", "w:3", "tdD",  "tdm",
      "tts", "ttu",    "tss:UTC", "tsn:", "tDm",   "tiM",    "tiD",         "tin", "+w:1", "+w:999999999",
      "w:1", "d:3,-70"};

  const char* text(std::string made) { return texts_.emplace_back(std::move(made)).c_str(); }

  const char* format() {
    if (bytes_.lies()) return bytes_.lies() ? nullptr : text(bytes_.text(8));
    return kFormats[bytes_.below(std::size(kFormats))];
  }
  const char* name() {
    switch (bytes_.byte()) {
      case 255: return nullptr;
      case 254: return "";
      case 253: return "\xFF";
      case 252: return "a";
      case 251: return text(bytes_.text(16));
      default: return text("c" + std::to_string(fields_.size()));
    }
  }
  const char* metadata() {
    switch (bytes_.byte()) {
      case 250: return pairs({{"ARROW:extension:name", "arrow.json"}});
      case 251: return pairs({{"weir.spelling", bytes_.text(8)}});
      case 252: return pairs({{bytes_.text(8), bytes_.text(8)}, {"", ""}});
      case 253: return text(std::string("\xFF\xFF\xFF\xFF", 4));
      case 254: return text(std::string("\x01\0\0\0\xFF\xFF\xFF\xFF", 8));
      case 255: return text(std::string("\x01\0\0\0\xFF\xFF\xFF\x7F", 8));
      default: return nullptr;
    }
  }
  const char* pairs(std::vector<std::pair<std::string, std::string>> kept) {
    std::string made;
    const auto number = [&made](std::size_t value) {
      const auto count = static_cast<std::int32_t>(value);
      made.append(reinterpret_cast<const char*>(&count), sizeof count);
    };
    number(kept.size());
    for (const auto& [key, value] : kept) {
      number(key.size());
      made += key;
      number(value.size());
      made += value;
    }
    return text(std::move(made));
  }

  // `as`: the format that it has to have; null: any.
  void fill(ArrowSchema& field, const char* as, int depth) {
    field.format = as != nullptr ? as : format();
    field.name = name();
    field.metadata = metadata();
    field.flags = (bytes_.byte() & 1U) != 0 ? 0 : ARROW_FLAG_NULLABLE;
    field.release = bytes_.lies() ? nullptr : [](ArrowSchema* self) { self->release = nullptr; };
    const std::string_view shape = field.format == nullptr ? "" : field.format;
    const bool map = shape == "+m", nested = shape.starts_with('+');
    const std::size_t honest = !nested ? 0 : as != nullptr && depth > 0 ? 2 : shape == "+s" ? 1 + bytes_.below(6) : 1;
    const std::int64_t told = bytes_.told(static_cast<std::int64_t>(honest));
    field.n_children = told > 16 && told <= 100000 ? 16 : told;
    std::vector<ArrowSchema*>& children = lists_.emplace_back();
    const auto made = static_cast<std::size_t>(std::clamp<std::int64_t>(field.n_children, 0, 16));
    for (std::size_t i = 0; i < made; ++i)
      children.push_back(child(i < honest && depth < 80, map ? "+s" : nullptr, depth));
    // A field may stand in several places: nothing of it tells how often.
    if (children.size() > 1 && bytes_.lies()) children[0] = children[1];
    field.children = made > 0 && bytes_.lies() ? nullptr : children.data();
    const bool indices = shape.size() == 1 && std::string_view("cCsSiIlL").find(shape[0]) != std::string_view::npos;
    if (depth < 80 && (indices ? bytes_.byte() >= 200 : bytes_.lies())) field.dictionary = child(true, nullptr, depth);
  }

  ArrowSchema* child(bool there, const char* as, int depth) {
    if (!there || bytes_.lies()) return nullptr;
    ArrowSchema& made = fields_.emplace_back();
    fill(made, as, depth + 1);
    return &made;
  }

  Bytes& bytes_;
  std::deque<ArrowSchema> fields_;
  std::deque<std::string> texts_;
  std::deque<std::vector<ArrowSchema*>> lists_;
  ArrowSchema* root_;
};

}  // namespace weir::fuzz
