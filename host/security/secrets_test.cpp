// Secrets of providers that are really asked: files in a folder, programs of this machine.
#include "security/secrets.hpp"

#include <chrono>
#include <fstream>

#include <weir_catch.hpp>
#include <weir_golden.hpp>
#include <weir_test_folder.hpp>

using namespace weir;
using manifest::SecretProvider;

namespace {

struct Asked {
  test::Folder folder;
  observe::Redactor redactor;
  security::Secrets secrets{redactor};

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << text;
  }
  base::Result<std::string> file(const std::string& key) {
    SecretProvider provider;
    provider.name = "files";
    provider.folder = folder.path();
    return secrets.get(provider, key);
  }
  // A shell script; the key is its $0.
  base::Result<std::string> script(const std::string& text, const std::string& key = "db#password",
                                   std::int64_t timeout_ns = 10'000'000'000) {
    SecretProvider provider;
    provider.name = text;
    provider.kind = SecretProvider::Kind::exec;
    provider.folder = folder.path();
    provider.command = {"sh", "-c", text};
    provider.timeout_ns = timeout_ns;
    return secrets.get(provider, key);
  }
};

std::string message(const base::Result<std::string>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().message;
}

}  // namespace

TEST_CASE("a file is a secret, without the line break at its end") {
  Asked asked;
  asked.write("plain", "s3cr3t");
  asked.write("line", "s3cr3t\n");
  asked.write("windows", "s3cr3t\r\n");
  asked.write("deep/lines", "one\ntwo\n\n");
  for (const char* key : {"plain", "line", "windows"}) CHECK(*asked.file(key) == "s3cr3t");
  CHECK(*asked.file("deep/lines") == "one\ntwo\n");
}

TEST_CASE("keys don't lead out of a provider's folder") {
  Asked asked;
  asked.write("a", "s3cr3t");
  for (const char* key : {"../a", "x/../../a", "/etc/passwd", ".", "..", "a/"}) {
    CAPTURE(key);
    CHECK(asked.file(key).error().code == "manifest.secrets");
  }
  CHECK(*asked.file("x/../a") == "s3cr3t");
}

TEST_CASE("files that are no secrets are refused") {
  Asked asked;
  asked.write("empty", "");
  asked.write("blank", "\n");
  asked.write("large", std::string(security::kMaxSecretBytes + 1, 'x'));
  asked.write("folder/file", "x");
  CHECK(message(asked.file("empty")) == "expected a secret, found nothing");
  CHECK(message(asked.file("blank")) == "expected a secret, found nothing");
  CHECK(message(asked.file("large")) == "expected a secret of at most 64 KiB, found more");
  CHECK(message(asked.file("folder")).ends_with("/folder', found something else"));
  CHECK(message(asked.file("gone")).ends_with("/gone', found none"));
  asked.write("largest", std::string(security::kMaxSecretBytes, 'x'));
  CHECK(asked.file("largest")->size() == security::kMaxSecretBytes);
}

TEST_CASE("a program gets the key as its last argument, and its output is the secret") {
  Asked asked;
  CHECK(*asked.script("echo secret of \"$0\"") == "secret of db#password");
  CHECK(*asked.script("printf 'a\\nb\\n\\n'") == "a\nb\n");
  CHECK(*asked.script("pwd") == std::filesystem::canonical(asked.folder.path()).string());
  CHECK(*asked.script("cat; echo no input") == "no input");
  CHECK(*asked.script("echo $0", "$(echo x); y") == "$(echo x); y");  // no shell reads the key
  CHECK(message(asked.script("exec 1>&- 2>&-; exit 0")) == "expected a secret, found nothing");
}

TEST_CASE("each key of a provider is asked for once") {
  Asked asked;
  const std::string counts = "echo x >> count; wc -l < count";
  CHECK(*asked.script(counts) == "1");
  CHECK(*asked.script(counts) == "1");
  CHECK(*asked.script(counts, "other") == "2");
}

TEST_CASE("a program that fails is told with what it says, but for what it wrote as the secret") {
  Asked asked;
  asked.redactor.add("other-secret");
  CHECK(message(asked.script("echo no such key >&2; exit 3")) ==
        "expected 'sh' to end with exit code 0, found 3; it says: no such key");
  CHECK(message(asked.script("exit 1")) == "expected 'sh' to end with exit code 0, found 1; it says nothing");
  CHECK(message(asked.script("kill -9 $$")) ==
        "expected 'sh' to end with exit code 0, found it killed by signal 9; it says nothing");
  CHECK(message(asked.script("echo half-a-secret; echo half-a-secret other-secret >&2; exit 1"))
            .ends_with("it says: *** ***"));
  CHECK(message(asked.script("printf '\\033[2J\\nfake' >&2; exit 1")).ends_with("it says: \\x1b[2J\\nfake"));
  CHECK(message(asked.script("head -c 100000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 1")).size() < 600);
}

TEST_CASE("a program that takes too long, or never stops writing, is ended with all that it started") {
  Asked asked;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(message(asked.script("sleep 100 & echo $! > child; sleep 100", "k", 300'000'000)) ==
        "expected 'sh' to end within 300 ms, found it still at work; it says nothing");
  CHECK(message(asked.script("exec >&- 2>&-; sleep 100", "k", 300'000'000)).find("still at work") != std::string::npos);
  CHECK(message(asked.script("yes")) == "expected a secret of at most 64 KiB, found more");
  // What it leaves behind, holding its output, is not waited for.
  CHECK(*asked.script("echo s3cr3t; sleep 3 & exit 0") == "s3cr3t");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("a program that is not there is told") {
  Asked asked;
  SecretProvider provider;
  provider.name = "gone";
  provider.kind = SecretProvider::Kind::exec;
  provider.command = {"no-such-program-here"};
  provider.timeout_ns = 1'000'000'000;
  CHECK(message(asked.secrets.get(provider, "k")) ==
        "expected a program 'no-such-program-here', found: No such file or directory");
  asked.write("here", "#!/bin/sh\necho from here\n");
  std::filesystem::permissions(asked.folder.path() / "here", std::filesystem::perms::owner_all);
  provider.name = "here";
  provider.command = {"./here"};
  provider.folder = asked.folder.path();
  CHECK(*asked.secrets.get(provider, "k") == "from here");
}

TEST_CASE("why a secret can't be had is told as the golden file says, and nothing that may be one") {
  Asked asked;
  test::Golden told(std::filesystem::path(WEIR_GOLDEN) / "messages.txt");
  told.hide(asked.folder.path().filename().string(), "NAME");
  told.hide(asked.folder.path().string(), "FOLDER");
  const auto tell = [&](const char* title, const base::Result<std::string>& secret) {
    told.tell_failure(title, secret);
    if (!secret) CHECK(secret.error().message.find("s3cr3t") == std::string::npos);
  };
  asked.write("empty", "");
  asked.write("large", std::string(security::kMaxSecretBytes + 1, 'x'));
  asked.write("folder/s3cr3t", "x");
  tell("a file that leads out", asked.file("../s3cr3t"));
  tell("no file", asked.file("gone"));
  tell("a folder", asked.file("folder"));
  tell("an empty file", asked.file("empty"));
  tell("a file that is no secret", asked.file("large"));
  asked.redactor.add("s3cr3t-of-another");
  tell("a program that fails", asked.script("echo s3cr3t; echo s3cr3t s3cr3t-of-another: no such key >&2; exit 3"));
  tell("a program that fails and says nothing", asked.script("exit 1"));
  tell("a program that is killed", asked.script("kill -9 $$"));
  tell("a program that does not end", asked.script("echo wait >&2; exec sleep 100", "k", 300'000'000));
  tell("a program that never stops writing", asked.script("yes s3cr3t"));
  tell("a program that writes nothing", asked.script(":"));
  SecretProvider provider;
  provider.name = "gone";
  provider.kind = SecretProvider::Kind::exec;
  provider.command = {"no-such-program-here"};
  provider.timeout_ns = 1'000'000'000;
  tell("no program", asked.secrets.get(provider, "k"));
  told.end();
}
