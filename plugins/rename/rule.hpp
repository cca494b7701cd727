// What a name becomes.
#pragma once

#include <string>
#include <string_view>

#include <weir/cpp/context.hpp>

namespace weir::rename {

// "Order ID", "orderId", "order-id" as "order_id"; "HTTPStatus" as "http_status". Bytes beyond ASCII are letters without case.
// Empty if there is neither letter nor digit.
std::string snake_case(std::string_view name);

// The rule of the options. Borrows nothing. Threads: any, once made.
class Rule {
 public:
  explicit Rule(const Config& config);
  // Empty if nothing is left of the name.
  std::string operator()(std::string_view name) const;
  const std::string& style() const { return style_; }

 private:
  std::string style_, strip_prefix_, prefix_, suffix_;
};

}  // namespace weir::rename
