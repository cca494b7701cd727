// Counts the orders of each country that a pipeline lets through, and loads them: weir inside another program.
#include <iostream>
#include <map>
#include <variant>

#include <weir/api.hpp>

namespace {

// Hears what runs tell. Called one event at a time, from whichever thread.
class Narrator : public weir::api::EventHandler {
 public:
  void handle(const weir::api::PipelineEvent& event) override {
    if (const auto* committed = std::get_if<weir::events::EpochCommitted>(&event.detail)) {
      std::cout << event.pipeline << ": epoch " << committed->epoch << " is committed\n";
    }
  }
};

int fail(const std::vector<weir::api::Problem>& problems) {
  std::cerr << weir::api::describe(problems);
  return problems.front().exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: embed ORDERS.csv DATABASE\n";
    return 2;
  }
  auto pipeline = weir::api::PipelineBuilder("embedded-orders")
                      .extract("file", {{"path", argv[1]}})
                      .transform("filter", {{"where", "quantity > 0"}})
                      .load("sqlite", {{"database", argv[2]}, {"table", "orders"}, {"mode", "replace"}})
                      .with_integrity_checks(weir::api::IntegrityChecks::full)
                      .with_monitoring(std::make_shared<Narrator>())
                      .build();
  if (!pipeline) return fail(pipeline.problems());

  // Rows as they would be loaded, in memory: nothing is written.
  const auto rows = pipeline->snapshot(1000);
  if (!rows) return fail(rows.problems());
  std::map<std::string, int> countries;
  for (const weir::api::Record order : *rows) {
    if (const auto column = order.find("country")) ++countries[std::string(order.text(*column).value_or("?"))];
  }
  for (const auto& [country, count] : countries) std::cout << country << ' ' << count << '\n';

  const auto report = pipeline->run();
  if (!report.succeeded) return fail(report.problems);
  std::cout << report.rows_loaded << " of " << report.rows_extracted << " orders loaded\n";
  return 0;
}
