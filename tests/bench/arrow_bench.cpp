// What a full gather costs: ns of CPU time a row in, ten columns (five numbers, a boolean, four texts), by share kept.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>
#include <vector>

#include "arrow/gather.hpp"
#include "arrow/validate.hpp"

namespace {

constexpr std::int64_t kRows = 65536;
constexpr int kRounds = 51;

weir::Array make_rows(std::mt19937& random) {
  std::vector<weir::Array> columns;
  for (int i = 0; i < 5; ++i) {
    weir::NumberBuilder<std::int64_t> numbers;
    for (std::int64_t row = 0; row < kRows; ++row)
      i == 0 && row % 16 == 0 ? numbers.append_null() : numbers.append(row);
    columns.push_back(numbers.finish());
  }
  weir::BooleanBuilder flags;
  for (std::int64_t row = 0; row < kRows; ++row) flags.append(random() % 2 == 0);
  columns.push_back(flags.finish());
  for (int i = 0; i < 4; ++i) {
    weir::TextBuilder texts;
    for (std::int64_t row = 0; row < kRows; ++row) texts.append(std::string(random() % 20, 'x'));
    columns.push_back(texts.finish());
  }
  return weir::rows_of(kRows, std::move(columns));
}

weir::Schema make_schema() {
  static constexpr const char* kFormats[] = {"l", "l", "l", "l", "l", "b", "u", "u", "u", "u"};
  std::vector<weir::Schema> fields;
  for (const char* format : kFormats)
    fields.push_back(weir::Schema::field(format, "c" + std::to_string(fields.size())));
  return weir::Schema::rows(std::move(fields));
}

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <class Work>
double median_ns_a_row(Work&& work) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const double begin = cpu_ns();
    work();
    times.push_back((cpu_ns() - begin) / static_cast<double>(kRows));
  }
  std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
  return times[kRounds / 2];
}

}  // namespace

int main() {
  // As the program does: what was freed stays mapped, or each batch pays for its pages anew.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  std::mt19937 random(1);
  const weir::Schema schema = make_schema();
  const weir::arrow::SharedArray rows(make_rows(random));
  for (const unsigned percent : {1U, 10U, 50U, 90U, 100U}) {
    std::vector<std::uint32_t> selected;
    for (std::uint32_t row = 0; row < kRows; ++row) {
      if (random() % 100 < percent) selected.push_back(row);
    }
    const double ns = median_ns_a_row([&] {
      if (!weir::arrow::gather(rows, schema.get(), selected)) std::abort();
    });
    std::printf("gather %3u %%: %6.2f ns a row in\n", percent, ns);
  }
  std::printf("slice       : %6.2f ns a row in\n", median_ns_a_row([&] { rows.slice(1, kRows - 2); }));
  std::printf("check_shape : %6.3f ns a row in\n", median_ns_a_row([&] {
                if (!weir::arrow::check_shape(rows.get(), schema.get())) std::abort();
              }));
  std::printf("check_full  : %6.2f ns a row in\n", median_ns_a_row([&] {
                if (!weir::arrow::check_full(rows.get(), schema.get())) std::abort();
              }));
  return 0;
}
