// How fast the json format is, in user time: the encoder, then the reader beside nlohmann_json's, on the orders data
// (shared/bench/orders.cpp) as a whole and by column.
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <weir/testing.hpp>
#include <weir/testing_format.hpp>
#include <weir/weir.hpp>

#include "bench.hpp"

namespace weir::bench {
namespace {

constexpr std::int64_t kRows = 65536;
constexpr int kBatches = 8;

struct Counter : weir_output {
  mutable std::uint64_t bytes = 0;
  mutable std::string* kept = nullptr;
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

// Encodes the columns again and again; the arrays stay ours. Gives what was written.
std::string measure(const char* name, const std::vector<const Made*>& columns) {
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
    const auto& counter = *static_cast<const Counter*>(self);
    counter.bytes += bytes.length;
    if (counter.kept != nullptr) counter.kept->append(to_view(bytes));
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
    return {};
  }
  const auto run = [&] {
    output.bytes = 0;
    for (int i = 0; i < kBatches; ++i) table.encode(self, &batch, &next, &error);
    table.end(self, &error);
  };
  std::string written;
  output.kept = &written;
  run();
  output.kept = nullptr;
  const double seconds = median_seconds(run);
  print_row(name, seconds, static_cast<double>(output.bytes), static_cast<double>(kRows * kBatches));
  table.close_encoder(self);
  return written;
}

// Parses lines in chunks of about a MiB, as the host does.
void measure_reader(const char* name, const std::string& lines) {
  const testing::InputBytes input(lines);
  const weir_component& component = *weir_plugin_v1()->components[0];
  const auto& table = *static_cast<const weir_format*>(component.table);
  const auto& chunked = *static_cast<const weir_chunked*>(component.extension(WEIR_STRING(WEIR_CHUNKED)));
  testing::Surroundings surroundings;
  testing::Schemas schemas;
  weir_error error = testing::no_error();
  void* self = nullptr;
  if (table.open_reader(surroundings.context(), &input, {}, schemas.sink(), &self, &error) != WEIR_OK) {
    std::printf("%s: %s\n", name, error.message);
    return;
  }
  weir_next next{};
  next.push = [](const weir_next*, std::uint64_t, weir_batch* batch) -> weir_status {
    batch->rows.release(&batch->rows);
    batch->origins.release(&batch->origins);
    return WEIR_OK;
  };
  const auto run = [&] {
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::size_t end = std::min(lines.find('\n', begin + (std::size_t{1} << 20U)), lines.size() - 1) + 1;
      const weir_bytes chunk = to_bytes(std::string_view(lines).substr(begin, end - begin));
      if (chunked.parse(self, chunk, &next, &error) != WEIR_OK) std::printf("%s: %s\n", name, error.message);
      begin = end;
    }
  };
  run();
  const double rows = static_cast<double>(kRows * kBatches);
  print_row(name, median_seconds(run), static_cast<double>(lines.size()), rows);
  table.reader->close(self);
}

// The same lines as trees of nlohmann_json.
void measure_peer(const char* name, const std::string& lines) {
  std::size_t sum = 0;
  const auto run = [&] {
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::size_t end = lines.find('\n', begin);
      sum += nlohmann::json::parse(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                                   lines.begin() + static_cast<std::ptrdiff_t>(end))
                 .size();
      begin = end + 1;
    }
  };
  print_row(name, median_seconds(run, 3), static_cast<double>(lines.size()), static_cast<double>(kRows * kBatches));
  if (sum == 0) std::printf("nothing was read\n");
}

}  // namespace
}  // namespace weir::bench

int main() {
  const auto made = weir::bench::orders();
  std::vector<const weir::bench::Made*> all;
  for (const auto& column : made) all.push_back(&column);
  std::vector<std::string> lines = {weir::bench::measure("write orders, ten columns", all)};
  std::vector<std::string> names = {"orders, ten columns"};
  for (const auto* column : all) {
    names.emplace_back(column->field->name);
    lines.push_back(weir::bench::measure(("write " + names.back()).c_str(), {column}));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) weir::bench::measure_reader(("read " + names[i]).c_str(), lines[i]);
  weir::bench::measure_peer("nlohmann_json, ten columns", lines[0]);
}
