#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/primitives.hpp"

namespace motcua::crypto {
namespace {
namespace fs = std::filesystem;

class KeyRingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "motcua-keys-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir = pattern;
  }
  void TearDown() override { fs::remove_all(dir); }

  std::unique_ptr<KeyRing> ring() const {
    auto r = open_key_ring(dir);
    if (!r) ADD_FAILURE() << r.failure().code << " " << r.failure().detail;
    return r ? std::move(*r) : nullptr;
  }
  std::string code_on_opening() const {
    auto r = open_key_ring(dir);
    return r ? "" : r.failure().code;
  }
  std::string slurp(const std::string& name) const {
    std::ifstream in(dir + "/keys/" + name, std::ios::binary);
    std::stringstream s;
    s << in.rdbuf();
    return s.str();
  }
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(dir + "/keys/" + name, std::ios::binary | std::ios::trunc) << content;
    ::chmod((dir + "/keys/" + name).c_str(), 0600);
  }
  std::string dir;
};

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST_F(KeyRingTest, Promise02KeysAreMadeAtFirstStartAndStay) {
  const Bytes made = *ring()->secret("ids", 32);
  const KeyPair pair = *ring()->signing_key("audit");
  EXPECT_EQ(made.size(), 32u);
  EXPECT_EQ(*ring()->secret("ids", 32), made);
  EXPECT_EQ(ring()->signing_key("audit")->secret_key, pair.secret_key);
  EXPECT_NE(*ring()->secret("other", 32), made);
}

TEST_F(KeyRingTest, Promise02TwoInstallationsShareNoKey) {
  const Bytes here = *ring()->secret("ids", 32);
  const std::string master = slurp("master.key");
  fs::remove_all(dir + "/keys");
  EXPECT_NE(*ring()->secret("ids", 32), here);
  EXPECT_NE(slurp("master.key"), master);
}

TEST_F(KeyRingTest, Promise03OnDiskNothingLiesOpen) {
  const auto keys = ring();
  const std::string secret = text_of(*keys->secret("ids", 32));
  struct stat status {};
  ASSERT_EQ(::stat((dir + "/keys/master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  for (const auto& entry : fs::directory_iterator(dir + "/keys")) {
    const std::string content = slurp(entry.path().filename().string());
    EXPECT_EQ(content.find(secret), std::string::npos) << entry.path();
    EXPECT_EQ(content.find(to_hex(bytes_of(secret))), std::string::npos) << entry.path();
  }
}

TEST_F(KeyRingTest, Promise02RotationKeepsEverySecretAndEverythingSealed) {
  const auto keys = ring();
  const Bytes ids = *keys->secret("ids", 32);
  const Bytes sealed = *keys->seal("totp:acc_1", bytes_of("seed"));
  const std::string before = slurp("master.key");
  const auto neighbour = ring();  // another process, at work all the while
  ASSERT_TRUE(keys->rotate_master());
  EXPECT_NE(slurp("master.key"), before);
  EXPECT_EQ(slurp("master.key").size(), 65u);
  EXPECT_EQ(*neighbour->secret("ids", 32), ids);
  const Bytes late = *neighbour->secret("made-after", 16);
  EXPECT_EQ(*ring()->secret("made-after", 16), late);
  EXPECT_EQ(*ring()->secret("ids", 32), ids);
  EXPECT_EQ(text_of(*ring()->open("totp:acc_1", sealed)), "seed");
  put("master.key", before);
  EXPECT_EQ(code_on_opening(), "crypto.master_key_wrong");
}

TEST_F(KeyRingTest, Promise02RotationSurvivesACrashAtEveryStep) {
  const auto first = ring();
  const Bytes ids = *first->secret("ids", 32), tokens = *first->secret("tokens", 16);
  const std::string old_master = slurp("master.key");
  const std::vector<std::string> files = {"data.wrapped", "ids.wrapped", "tokens.wrapped"};
  std::vector<std::string> old_files, new_files;
  for (const auto& f : files) old_files.push_back(slurp(f));
  ASSERT_TRUE(first->rotate_master());
  const std::string new_master = slurp("master.key");
  for (const auto& f : files) new_files.push_back(slurp(f));

  // The crash comes after `done` of the files were wrapped anew; half a temporary file lies about.
  for (std::size_t done = 0; done <= files.size(); ++done) {
    SCOPED_TRACE(done);
    put("master.key", new_master + old_master);
    for (std::size_t i = 0; i < files.size(); ++i) put(files[i], i < done ? new_files[i] : old_files[i]);
    put("ids.wrapped.new", "MCK1 half");
    const auto again = ring();
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(*again->secret("ids", 32), ids);
    EXPECT_EQ(*again->secret("tokens", 16), tokens);
    EXPECT_EQ(slurp("master.key"), new_master);
  }
}

TEST_F(KeyRingTest, WhatCanBeWrongWithTheMasterKeySaysSo) {
  ring();
  const std::string good = slurp("master.key");
  put("master.key", std::string(64, 'a') + "\n");
  EXPECT_EQ(code_on_opening(), "crypto.master_key_wrong");
  put("master.key", "hello\n");
  EXPECT_EQ(code_on_opening(), "crypto.master_key_unreadable");
  put("master.key", "");
  EXPECT_EQ(code_on_opening(), "crypto.master_key_unreadable");
  fs::remove(dir + "/keys/master.key");
  EXPECT_EQ(code_on_opening(), "crypto.master_key_missing");
  EXPECT_FALSE(fs::exists(dir + "/keys/master.key")) << "a new master key beside old secrets would hide the loss";
  put("master.key", good);
  ::chmod((dir + "/keys/master.key").c_str(), 0644);
  EXPECT_EQ(code_on_opening(), "crypto.master_key_exposed");
  ::chmod((dir + "/keys/master.key").c_str(), 0600);
  EXPECT_EQ(code_on_opening(), "");
}

TEST_F(KeyRingTest, AMasterKeyElsewhere) {
  const std::string file = dir + "/elsewhere.key";
  ::setenv("MOTCUA_MASTER_KEY_FILE", file.c_str(), 1);
  const Bytes ids = *ring()->secret("ids", 32);
  EXPECT_TRUE(fs::exists(file));
  EXPECT_FALSE(fs::exists(dir + "/keys/master.key"));
  EXPECT_EQ(*ring()->secret("ids", 32), ids);
  ::unsetenv("MOTCUA_MASTER_KEY_FILE");
}

TEST_F(KeyRingTest, ADamagedSecretIsNamed) {
  ring()->secret("ids", 32).ok();
  std::string file = slurp("ids.wrapped");
  file.back() = static_cast<char>(file.back() ^ 1);
  put("ids.wrapped", file);
  auto r = open_key_ring(dir);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.failure().code, "crypto.secret_damaged");
  EXPECT_EQ(r.failure().args.at("name"), "ids");
}

TEST_F(KeyRingTest, ASecretCannotTakeAnothersPlace) {
  ring()->secret("ids", 32).ok();
  ring()->secret("tokens", 32).ok();
  put("ids.wrapped", slurp("tokens.wrapped"));
  EXPECT_EQ(code_on_opening(), "crypto.secret_damaged");
}

TEST_F(KeyRingTest, SealedValuesAreBoundToTheirContext) {
  const auto keys = ring();
  const Bytes sealed = *keys->seal("totp:acc_1", bytes_of("seed"));
  EXPECT_NE(*keys->seal("totp:acc_1", bytes_of("seed")), sealed) << "the nonce is fresh";
  EXPECT_EQ(keys->open("totp:acc_2", sealed).failure().code, "crypto.not_authentic");
  EXPECT_EQ(keys->open("totp:acc_1", Bytes(5)).failure().code, "crypto.not_authentic");
}

TEST_F(KeyRingTest, BadRequestsAreRefused) {
  const auto keys = ring();
  for (const char* name : {"", "../x", "A", "a/b", ".hidden"}) EXPECT_FALSE(keys->secret(name, 32)) << name;
  EXPECT_FALSE(keys->secret("ok", 0));
  EXPECT_FALSE(keys->secret("ok", 5000));
  ASSERT_TRUE(keys->secret("ok", 32));
  EXPECT_FALSE(keys->secret("ok", 16)) << "a secret has one length";
}

TEST_F(KeyRingTest, ManyAtOnceMakeOneSecret) {
  ring();
  std::vector<Bytes> got(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < got.size(); ++i)
      threads.emplace_back([&, i] {
        auto r = open_key_ring(dir);
        if (r) got[i] = (*r)->secret("contended", 32).value();
      });
  }
  for (const Bytes& g : got) EXPECT_EQ(g, got[0]);
  EXPECT_EQ(got[0].size(), 32u);
}

}  // namespace
}  // namespace motcua::crypto
