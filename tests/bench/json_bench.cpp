// How fast the json encoder is, in user time: the orders data (shared/bench/orders.cpp) as a whole and by column.
#include <random>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "bench.hpp"

namespace weir::bench {
namespace {

constexpr std::int64_t kRows = 65536;
constexpr int kBatches = 8;

struct Counter : weir_output {
  mutable std::uint64_t bytes = 0;
};

struct Made {
  Schema field;
  Array array;
};

Made integers(const char* name, std::uint64_t below) {
  std::mt19937_64 random(1);
  NumberBuilder<std::int64_t> builder;
  for (std::int64_t i = 0; i < kRows; ++i) builder.append(static_cast<std::int64_t>(random() % below));
  return {Schema::field("l", name), builder.finish()};
}

Made reals(const char* name, double unit, std::uint64_t below, std::uint64_t null_one_in) {
  std::mt19937_64 random(2);
  NumberBuilder<double> builder;
  for (std::int64_t i = 0; i < kRows; ++i) {
    const double value = static_cast<double>(random() % below) / unit;
    if (null_one_in != 0 && random() % null_one_in == 0) {
      builder.append_null();
    } else {
      builder.append(value);
    }
  }
  return {Schema::field("g", name), builder.finish()};
}

Made times(const char* name) {
  std::mt19937_64 random(3);
  NumberBuilder<std::int64_t> builder;
  for (std::int64_t i = 0; i < kRows; ++i) {
    builder.append(1735689600000000 + static_cast<std::int64_t>(random() % 31536000000000ULL));
  }
  return {Schema::field("tsu:UTC", name, true, {{std::string(kSpellingKey), "T6Z"}}), builder.finish()};
}

Made words(const char* name, const std::vector<std::string>& choice, std::uint64_t most, std::uint64_t null_one_in) {
  std::mt19937_64 random(4);
  TextBuilder builder;
  for (std::int64_t i = 0; i < kRows; ++i) {
    if (null_one_in != 0 && random() % null_one_in == 0) {
      builder.append_null();
      continue;
    }
    std::string text;
    for (std::uint64_t k = random() % most + 1; k > 0; --k)
      text += (text.empty() ? "" : " ") + choice[random() % choice.size()];
    builder.append(text);
  }
  return {Schema::field("u", name), builder.finish()};
}

std::vector<Made> orders() {
  std::vector<std::string> emails;
  for (int i = 0; i < 5000; ++i) emails.push_back("user" + std::to_string(i * 37) + "@example.com");
  std::vector<Made> made;
  made.push_back(integers("order_id", 10000000));
  made.push_back(integers("customer_id", 200000));
  made.push_back(times("ts"));
  made.push_back(words("country", {"US", "DE", "GB", "FR", "CA", "BR", "JP"}, 1, 0));
  made.push_back(
      words("product",
            {"Widget", "Gadget, large", "14\" monitor", "Café crème", "Cable\n2m", "Docking station, USB-C", "日本茶"},
            1, 0));
  made.push_back(integers("quantity", 20));
  made.push_back(reals("unit_price", 100, 500000, 0));
  made.push_back(reals("discount", 10000, 3000, 20));
  made.push_back(words("email", emails, 1, 0));
  made.push_back(words("note", {"please", "leave", "at", "door", "before", "delivery", "gift", "wrap"}, 12, 4));
  return made;
}

// Encodes the columns again and again; the arrays stay ours.
void measure(const char* name, const std::vector<const Made*>& columns) {
  std::vector<Schema> fields;
  std::vector<ArrowArray> arrays;
  std::vector<ArrowArray*> pointers;
  for (const Made* made : columns) {
    fields.push_back(Schema::copy_of(made->field.get()));
    arrays.push_back(made->array.get());
  }
  for (auto& array : arrays) pointers.push_back(&array);
  const Schema schema = Schema::rows(std::move(fields));
  weir_batch batch{};
  weir_batch_clear(&batch);
  const void* no_validity = nullptr;
  batch.rows.length = kRows;
  batch.rows.n_buffers = 1;
  batch.rows.buffers = &no_validity;
  batch.rows.n_children = static_cast<std::int64_t>(pointers.size());
  batch.rows.children = pointers.data();
  Counter output;
  output.size = sizeof(weir_output);
  output.write = [](const weir_output* self, weir_bytes bytes, weir_error*) {
    static_cast<const Counter*>(self)->bytes += bytes.length;
    return weir_status{WEIR_OK};
  };
  weir_schema_sink stored{};
  stored.same = [](const weir_schema_sink*, weir_string, const ArrowSchema*) { return weir_status{WEIR_OK}; };
  const auto& table = *static_cast<const weir_format*>(weir_plugin_v1()->components[0]->table);
  weir_context context{};
  weir_error error{};
  weir_error_clear(&error);
  weir_next next{};
  void* self = nullptr;
  if (table.open_encoder(&context, &schema.get(), &stored, &output, &self, &error) != WEIR_OK) {
    std::printf("%s: %s\n", name, error.message);
    return;
  }
  const auto run = [&] {
    output.bytes = 0;
    for (int i = 0; i < kBatches; ++i) table.encode(self, &batch, &next, &error);
    table.end(self, &error);
  };
  run();
  const double seconds = median_seconds(run);
  print_row(name, seconds, static_cast<double>(output.bytes), static_cast<double>(kRows * kBatches));
  table.close_encoder(self);
}

}  // namespace
}  // namespace weir::bench

int main() {
  const auto made = weir::bench::orders();
  std::vector<const weir::bench::Made*> all;
  for (const auto& column : made) all.push_back(&column);
  weir::bench::measure("orders, all ten columns", all);
  for (const auto* column : all) weir::bench::measure(column->field->name, {column});
}
