#include "platform/storage/postgres_values.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>

namespace motcua::storage {

namespace {

constexpr Oid oid_bytea = 17, oid_int8 = 20, oid_text = 25, oid_float8 = 701;

void to_network_order(std::uint64_t bits, char* out) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>(bits >> (56 - 8 * i));
}

void append_hex(std::string& out, const Bytes& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  for (const auto b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
}

int hex_digit(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

void append_copy_text(std::string& out, const std::string& text) {
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\v': out += "\\v"; break;
      default: out += c;
    }
  }
}

struct CopyWriter {
  std::string& out;
  void operator()(std::monostate) const { out += "\\N"; }
  void operator()(std::int64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
  void operator()(double v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
  void operator()(const std::string& v) const { append_copy_text(out, v); }
  void operator()(const Bytes& v) const {
    out += "\\\\x";
    append_hex(out, v);
  }
};

}  // namespace

Oid oid_of(const Value& value) {
  static constexpr Oid oids[] = {0, oid_int8, oid_float8, oid_text, oid_bytea};
  return oids[value.type()];
}

PgParameters::PgParameters(const Values& parameters) : numbers_(parameters.size()) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& v = parameters[i].get();
    const char* data = nullptr;
    std::size_t length = 0;
    if (const auto* n = std::get_if<std::int64_t>(&v)) {
      to_network_order(static_cast<std::uint64_t>(*n), numbers_[i].data());
      data = numbers_[i].data(), length = 8;
    } else if (const auto* d = std::get_if<double>(&v)) {
      to_network_order(std::bit_cast<std::uint64_t>(*d), numbers_[i].data());
      data = numbers_[i].data(), length = 8;
    } else if (const auto* t = std::get_if<std::string>(&v)) {
      data = t->data(), length = t->size();
    } else if (const auto* b = std::get_if<Bytes>(&v)) {
      data = b->empty() ? "" : reinterpret_cast<const char*>(b->data()), length = b->size();
    }
    values.push_back(data);
    lengths.push_back(static_cast<int>(length));
    formats.push_back(1);
  }
}

void append_copy_row(std::string& out, const Values& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out += '\t';
    std::visit(CopyWriter{out}, row[i].get());
  }
  out += '\n';
}

std::int64_t PgRow::integer(int c) const {
  const auto value = text(c);
  if (value == "t") return 1;
  std::int64_t number = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
  if (read.ec == std::errc{} && read.ptr == value.data() + value.size()) return number;
  return static_cast<std::int64_t>(real(c));
}

double PgRow::real(int c) const {
  const auto value = text(c);
  if (value == "t") return 1;
  double number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

std::string_view PgRow::text(int c) const {
  return {PQgetvalue(r_, row_, c), static_cast<std::size_t>(PQgetlength(r_, row_, c))};
}

Bytes PgRow::bytes(int c) const {
  const auto value = text(c);
  if (!value.starts_with("\\x")) return {value.begin(), value.end()};
  Bytes out;
  out.reserve(value.size() / 2);
  for (std::size_t i = 2; i + 1 < value.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(hex_digit(value[i]) << 4 | hex_digit(value[i + 1])));
  return out;
}

}  // namespace motcua::storage
