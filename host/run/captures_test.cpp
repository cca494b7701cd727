// Which stream a file belongs to, by its name and the pattern that found it.
#include "run/captures.hpp"

#include <weir_catch.hpp>

namespace weir::run {
namespace {

std::string of(std::string_view pattern, std::string_view name) {
  const auto found = captured(pattern, name);
  return found ? found->stream + "|" + found->schema + "|" + found->name : "none";
}

TEST_CASE("a folder, or a part of a file's name, is the stream") {
  CHECK(of("/in/{stream}/*.csv", "/in/orders/1.csv") == "orders||orders");
  CHECK(of("/in/{stream}.csv", "/in/orders.2024.csv") == "orders.2024||orders.2024");
  CHECK(of("/in/{name}-*.csv", "/in/orders-2024-01.csv") == "orders||orders");
  CHECK(of("/in/{schema}/{name}.csv", "/in/shop/orders.csv") == "shop.orders|shop|orders");
  CHECK(of("/in/{schema}.{name}.csv", "/in/shop.orders.v2.csv") == "shop.\"orders.v2\"|shop|orders.v2");
  CHECK(of("/in/{stream}/{stream}-?.csv", "/in/orders/orders-1.csv") == "orders||orders");
  CHECK(of("/in/{schema}/{stream}.csv", "/in/shop/orders.csv") == "orders|shop|orders");
}

TEST_CASE("folders of ** may stand on one side of it") {
  CHECK(of("/in/**/{stream}/*.csv", "/in/a/b/orders/1.csv") == "orders||orders");
  CHECK(of("/in/{stream}/**/*.csv", "/in/orders/a/b/1.csv") == "orders||orders");
  CHECK(of("/in/**/{stream}/**/*.csv", "/in/a/orders/b/1.csv") == "none");
}

TEST_CASE("what does not fit is no stream") {
  CHECK(of("/in/{stream}/*.csv", "/in") == "none");
  CHECK(of("/in/{stream}-{name}.csv", "/in/orders.csv") == "none");
  CHECK(of("/in/{stream}/{stream}.csv", "/in/orders/other.csv") == "none");
  CHECK(of("/in/*.csv", "/in/orders.csv") == "none");
}

}  // namespace
}  // namespace weir::run
