// {{name}}: a connection over TCP. The host keeps the pool: how many, how long idle, what is tried again.
#include <weir/weir.hpp>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "weir_plugin_info.h"

namespace {

weir::Failure unreachable(const std::string& where, const char* problem) {
  return weir::Failure(WEIR_UNAVAILABLE, WEIR_FAULT_SOURCE, "expected to connect to " + where + ", found: " + problem)
      .hint("see that the server runs, and that host and port are right");
}

class Session : public weir::Connection {
 public:
  explicit Session(const weir::Context& context) : where_(context.config().text("/host")) {
    const std::string port = std::to_string(context.config().integer("/port"));
    const std::int64_t deadline = context.now() + context.config().integer("/timeout");
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_socktype = SOCK_STREAM;
    const int problem = ::getaddrinfo(where_.c_str(), port.c_str(), &wanted, &found);
    where_ += ":" + port;
    if (problem != 0) throw unreachable(where_, ::gai_strerror(problem));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> kept(found, ::freeaddrinfo);
    int last = 0;
    for (const addrinfo* one = found; one != nullptr && socket_ < 0; one = one->ai_next)
      last = try_one(*one, context, deadline);
    if (socket_ < 0) throw unreachable(where_, std::strerror(last));
  }
  ~Session() override { drop(); }

  // Bytes may wait to be read; the end of them says that the server has gone.
  void ping() override {
    char byte = 0;
    const auto got = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) return;
    throw unreachable(where_, got == 0 ? "the server closed the session" : std::strerror(errno));
  }

 private:
  void drop() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  // Gives the problem, 0 if there is none.
  int try_one(const addrinfo& address, const weir::Context& context, std::int64_t deadline) {
    socket_ = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
    if (socket_ < 0) return errno;
    int problem = ::connect(socket_, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (problem == EINPROGRESS) problem = wait(context, deadline);
    if (problem != 0) drop();
    return problem;
  }
  // There is no instance to cancel yet: the host is asked.
  int wait(const weir::Context& context, std::int64_t deadline) const {
    pollfd waiting = {socket_, POLLOUT, 0};
    while (::poll(&waiting, 1, 100) <= 0) {
      if (context.cancelled()) throw weir::Failure(WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled");
      if (context.now() > deadline) return ETIMEDOUT;
    }
    int problem = 0;
    socklen_t size = sizeof problem;
    return ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 ? problem : errno;
  }

  std::string where_;
  int socket_ = -1;
};

}  // namespace

WEIR_PLUGIN(weir::connection<Session>("{{name}}"));
