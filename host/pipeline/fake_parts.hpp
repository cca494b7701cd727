// FakeParts: hand-made rows and components, for the tests of host/pipeline and host/run. No library stands behind them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <weir/arrow.hpp>

#include "pipeline/batch.hpp"
#include "pipeline/component.hpp"

namespace weir::pipeline::fake {

inline weir::Schema schema() {
  std::vector<weir::Schema> fields;
  fields.push_back(weir::Schema::field("l", "n"));
  return weir::Schema::rows(std::move(fields));
}

inline weir::Array rows(const std::vector<std::int64_t>& values) {
  weir::NumberBuilder<std::int64_t> column;
  for (const auto value : values) column.append(value);
  std::vector<weir::Array> columns;
  columns.push_back(column.finish());
  return weir::rows_of(static_cast<std::int64_t>(values.size()), std::move(columns));
}

inline weir::Array origins(const std::vector<std::uint32_t>& values) {
  weir::NumberBuilder<std::uint32_t> column;
  for (const auto value : values) column.append(value);
  return column.finish();
}

// The live values of a batch.
inline std::vector<std::int64_t> values(const Batch& batch) {
  const weir::NumberColumn<std::int64_t> column(*batch.rows.get().children[0], batch.rows.get().offset);
  std::vector<std::int64_t> all;
  if (batch.selection) {
    for (const auto row : *batch.selection) all.push_back(column[row]);
  } else {
    for (std::int64_t row = 0; row < batch.rows.length(); ++row) all.push_back(column[row]);
  }
  return all;
}

// A component of a table, which is lent. Calls are repeated without waiting.
inline std::shared_ptr<Component> component(std::int32_t kind, const void* table, const std::string& link,
                                            const void* (*extension)(weir_string) = nullptr) {
  struct Described : Component {
    weir_component described{};
  };
  auto made = std::make_shared<Described>();
  made->described.size = sizeof(weir_component);
  made->described.kind = kind;
  made->described.table = table;
  made->described.extension = extension;
  made->description = &made->described;
  made->name = link;
  made->plugin = "fakes";
  made->link = link;
  made->config = std::make_unique<plugins::ConfigHandle>(nlohmann::ordered_json::object());
  made->host = std::make_unique<plugins::HostTable>(plugins::HostServices{}, link, "fakes");
  made->wait = [](std::int64_t) { return true; };
  return made;
}

}  // namespace weir::pipeline::fake
