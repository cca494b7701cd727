// Getters over a JSON tree that never changes: a walk along the pointer, no allocation unless a name is escaped.
#include "plugins/config.hpp"

#include "plugins/context.hpp"

#include <charconv>
#include <cmath>

namespace weir::plugins {
namespace {

using Json = nlohmann::ordered_json;

// Undoes ~1 and ~0; false: not a pointer's escape.
bool unescape(std::string_view token, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
    } else if (++i < token.size() && (token[i] == '0' || token[i] == '1')) {
      out += token[i] == '0' ? '~' : '/';
    } else {
      return false;
    }
  }
  return true;
}

const Json* member(const Json& object, std::string_view name) {
  for (const auto& entry : object.get_ref<const Json::object_t&>()) {
    if (entry.first == name) return &entry.second;
  }
  return nullptr;
}

const Json* element(const Json& array, std::string_view token) {
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (problem != std::errc{} || end != token.data() + token.size()) return nullptr;
  if (token.size() > 1 && token[0] == '0') return nullptr;
  const auto& elements = array.get_ref<const Json::array_t&>();
  return index < elements.size() ? &elements[index] : nullptr;
}

const Json* step(const Json& value, std::string_view token) {
  if (value.is_array()) return element(value, token);
  if (!value.is_object()) return nullptr;
  if (token.find('~') == std::string_view::npos) return member(value, token);
  std::string name;
  return unescape(token, name) ? member(value, name) : nullptr;
}

std::int64_t integer_of(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return number > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return 0;
  const double number = value.get<double>();  // 1e6 is an integer to a schema
  constexpr double kLimit = 9223372036854775808.0;
  return std::isfinite(number) && number >= -kLimit && number < kLimit ? static_cast<std::int64_t>(number) : 0;
}

std::int32_t kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return WEIR_CONFIG_NULL;
    case Json::value_t::boolean: return WEIR_CONFIG_BOOLEAN;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return WEIR_CONFIG_INTEGER;
    case Json::value_t::number_float: return WEIR_CONFIG_NUMBER;
    case Json::value_t::string: return WEIR_CONFIG_TEXT;
    case Json::value_t::array: return WEIR_CONFIG_ARRAY;
    case Json::value_t::object: return WEIR_CONFIG_OBJECT;
    default: return WEIR_CONFIG_ABSENT;
  }
}

}  // namespace

const Json* ConfigHandle::at(std::string_view pointer) const noexcept {
  if (!pointer.empty() && pointer[0] != '/') return nullptr;
  const Json* value = &options_;
  try {
    while (!pointer.empty() && value != nullptr) {
      pointer.remove_prefix(1);
      const std::string_view token = pointer.substr(0, pointer.find('/'));
      value = step(*value, token);
      pointer.remove_prefix(token.size());
    }
    return value;
  } catch (...) {
    return nullptr;  // memory for a name with escapes
  }
}

const Json* ConfigHandle::value(const weir_config* self, weir_string path) noexcept {
  const std::string_view pointer = path.data == nullptr ? std::string_view() : std::string_view(path.data, path.length);
  return static_cast<const Table*>(self)->owner->at(pointer);
}

ConfigHandle::ConfigHandle(Json options)
    : options_(std::move(options)), text_(options_.dump(-1, ' ', false, Json::error_handler_t::replace)) {
  table_.size = sizeof(weir_config);
  table_.owner = this;
  table_.json = string_of(text_);
  table_.text = [](const weir_config* self, weir_string path) -> weir_string {
    const Json* found = value(self, path);
    return found != nullptr && found->is_string() ? string_of(found->get_ref<const std::string&>())
                                                  : weir_string{"", 0};
  };
  table_.integer = [](const weir_config* self, weir_string path) -> std::int64_t {
    const Json* found = value(self, path);
    return found == nullptr ? 0 : integer_of(*found);
  };
  table_.number = [](const weir_config* self, weir_string path) -> double {
    const Json* found = value(self, path);
    return found != nullptr && found->is_number() ? found->get<double>() : 0.0;
  };
  table_.boolean = [](const weir_config* self, weir_string path) -> std::int32_t {
    const Json* found = value(self, path);
    return found != nullptr && found->is_boolean() && found->get<bool>() ? 1 : 0;
  };
  table_.count = [](const weir_config* self, weir_string path) -> std::uint64_t {
    const Json* found = value(self, path);
    return found != nullptr && found->is_structured() ? found->size() : 0;
  };
  table_.kind = [](const weir_config* self, weir_string path) -> std::int32_t {
    const Json* found = value(self, path);
    return found == nullptr ? WEIR_CONFIG_ABSENT : kind_of(*found);
  };
  table_.key = [](const weir_config* self, weir_string path, std::uint64_t index) -> weir_string {
    const Json* found = value(self, path);
    if (found == nullptr || !found->is_object() || index >= found->size()) return {"", 0};
    return string_of((found->get_ref<const Json::object_t&>().begin() + static_cast<std::ptrdiff_t>(index))->first);
  };
}

}  // namespace weir::plugins
