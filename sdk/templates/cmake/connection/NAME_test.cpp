// The connection as a host calls it, with a server on the loopback that only listens.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weir/testing.hpp>

#include "checks.hpp"

int main() {
  const auto& table =
      *static_cast<const weir_connection*>(weir::testing::component_of(weir_plugin_v1(), "{{name}}")->table);
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  must(::bind(server, reinterpret_cast<sockaddr*>(&address), length) == 0 && ::listen(server, 1) == 0 &&
           ::getsockname(server, reinterpret_cast<sockaddr*>(&address), &length) == 0,
       "expected a port");
  weir::testing::Surroundings surroundings({{"/host", "127.0.0.1"},
                                            {"/port", std::int64_t{ntohs(address.sin_port)}},
                                            {"/timeout", std::int64_t{5'000'000'000}}});
  weir_error error = weir::testing::no_error();
  void* self = nullptr;
  must(table.connect(surroundings.context(), &self, &error) == WEIR_OK, error.message);
  must(table.ping(self, &error) == WEIR_OK, error.message);

  const int session = ::accept(server, nullptr, nullptr);
  ::close(session);  // the server leaves
  weir_status status = WEIR_OK;
  for (int i = 0; i < 5000 && status == WEIR_OK; ++i) {
    ::usleep(1000);
    status = table.ping(self, &error);
  }
  must(status == WEIR_UNAVAILABLE, "expected a session that was closed to be told");
  table.disconnect(self);

  ::close(server);
  must(table.connect(surroundings.context(), &self, &error) == WEIR_UNAVAILABLE, "expected no server to be told");
}
