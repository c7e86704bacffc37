#include "rooms/exposure/archive.hpp"

#include <algorithm>

#include "platform/zip/zip.hpp"
#include "rooms/exposure/wire.hpp"

namespace motcua::exposure {
namespace {

constexpr std::string_view keys_name = "export.bin", signatures_name = "export.sig";
constexpr std::size_t text_bytes_max = 100;                 // region, version, id
constexpr std::int64_t instant_seconds_max = 4'102'444'800; // the year 2100

Failure damaged() { return invalid("exposure.archive_damaged", "archive"); }

std::string signature_info(const Archive& archive) {
  wire::Writer out;
  out.bytes(3, archive.key_version);
  out.bytes(4, archive.key_id);
  out.bytes(5, signature_algorithm);
  return out.take();
}

std::string key_message(const ArchivedKey& key) {
  wire::Writer out;
  out.bytes(1, {reinterpret_cast<const char*>(key.key.data()), key.key.size()});
  out.varint(2, static_cast<std::uint64_t>(key.risk));
  out.varint(3, static_cast<std::uint64_t>(key.rolling_start));
  out.varint(4, static_cast<std::uint64_t>(key.rolling_period));
  out.varint(5, static_cast<std::uint64_t>(key.type));
  if (key.onset_days) out.sint(6, *key.onset_days);
  return out.take();
}

void by_bytes(std::vector<ArchivedKey>& keys) {
  std::sort(keys.begin(), keys.end(), [](const ArchivedKey& a, const ArchivedKey& b) { return a.key < b.key; });
}

std::string keys_file(const Archive& archive) {
  wire::Writer out;
  out.fixed64(1, static_cast<std::uint64_t>(to_millis(archive.from) / 1000));
  out.fixed64(2, static_cast<std::uint64_t>(to_millis(archive.to) / 1000));
  out.bytes(3, archive.region);
  out.varint(4, 1);   // one file is one batch: phones take no others
  out.varint(5, 1);
  out.bytes(6, signature_info(archive));
  for (const auto& key : archive.keys) out.bytes(7, key_message(key));
  for (const auto& key : archive.revised) out.bytes(8, key_message(key));
  return std::string(export_header) + out.take();
}

std::string signatures_file(const Archive& archive, const crypto::Bytes& signature) {
  wire::Writer one, list;
  one.bytes(1, signature_info(archive));
  one.varint(2, 1);
  one.varint(3, 1);
  one.bytes(4, {reinterpret_cast<const char*>(signature.data()), signature.size()});
  list.bytes(1, one.take());
  return list.take();
}

// ---- reading

Result<std::int64_t> bounded(const wire::Field& field, std::int64_t min, std::int64_t max) {
  if (field.type != wire::Type::varint && field.type != wire::Type::fixed64) return damaged();
  const auto value = static_cast<std::int64_t>(field.value);
  if (value < min || value > max) return damaged();
  return value;
}
Result<std::string> text_of(const wire::Field& field) {
  if (field.type != wire::Type::bytes || field.bytes.size() > text_bytes_max) return damaged();
  for (const char c : field.bytes)
    if (c < 0x20 || c > 0x7e) return damaged();
  return std::string(field.bytes);
}

Result<ReportType> type_of(const wire::Field& field) {
  TRY_ASSIGN(const auto number, bounded(field, 0, 5));
  if (number == 4) return damaged();   // reserved
  return static_cast<ReportType>(number);
}

Result<ArchivedKey> read_key(const wire::Field& message) {
  if (message.type != wire::Type::bytes) return damaged();
  ArchivedKey key;
  bool has_data = false, has_start = false;
  for (wire::Reader reader(message.bytes); !reader.done();) {
    TRY_ASSIGN(const auto field, reader.next());
    if (field.number == 1) {
      if (field.type != wire::Type::bytes || field.bytes.size() != key.key.size()) return damaged();
      std::copy(field.bytes.begin(), field.bytes.end(), key.key.begin());
      has_data = true;
    } else if (field.number == 2) {
      TRY_ASSIGN(key.risk, bounded(field, 0, risk_max));
    } else if (field.number == 3) {
      TRY_ASSIGN(key.rolling_start, bounded(field, 0, INT32_MAX - day_intervals));
      has_start = true;
    } else if (field.number == 4) {
      TRY_ASSIGN(key.rolling_period, bounded(field, 1, day_intervals));
    } else if (field.number == 5) {
      TRY_ASSIGN(key.type, type_of(field));
    } else if (field.number == 6) {
      if (field.type != wire::Type::varint || field.sint() < -onset_days_max || field.sint() > onset_days_max) return damaged();
      key.onset_days = field.sint();
    }
  }
  if (!has_data || !has_start) return damaged();
  return key;
}

Result<void> read_signature_info(std::string_view message, Archive& archive) {
  for (wire::Reader reader(message); !reader.done();) {
    TRY_ASSIGN(const auto field, reader.next());
    if (field.number == 3) {
      TRY_ASSIGN(archive.key_version, text_of(field));
    } else if (field.number == 4) {
      TRY_ASSIGN(archive.key_id, text_of(field));
    }
  }
  return {};
}

Result<void> read_field(const wire::Field& field, Archive& archive) {
  if (field.number == 1 || field.number == 2) {
    TRY_ASSIGN(const auto seconds, bounded(field, 0, instant_seconds_max));
    (field.number == 1 ? archive.from : archive.to) = from_millis(seconds * 1000);
  } else if (field.number == 3) {
    TRY_ASSIGN(archive.region, text_of(field));
  } else if (field.number == 6) {
    if (field.type != wire::Type::bytes) return damaged();
    return read_signature_info(field.bytes, archive);
  } else if (field.number == 7 || field.number == 8) {
    TRY_ASSIGN(const auto key, read_key(field));
    auto& keys = field.number == 7 ? archive.keys : archive.revised;
    if (keys.size() == archive_keys_max) return damaged();
    keys.push_back(key);
  }
  return {};
}

/// One of the signatures is this key's, over the whole of the other file.
Result<void> check_signature(std::string_view signatures, std::string_view signed_file, const crypto::P256PublicKey& key) {
  for (wire::Reader list(signatures); !list.done();) {
    TRY_ASSIGN(const auto one, list.next());
    if (one.number != 1 || one.type != wire::Type::bytes) continue;
    for (wire::Reader reader(one.bytes); !reader.done();) {
      TRY_ASSIGN(const auto field, reader.next());
      if (field.number != 4 || field.type != wire::Type::bytes) continue;
      const crypto::Bytes signature(field.bytes.begin(), field.bytes.end());
      if (key.verify(signed_file, signature, crypto::EcdsaForm::der)) return {};
    }
  }
  return invalid("exposure.archive_not_signed", "archive");
}

}  // namespace

std::string write_archive(Archive archive, const crypto::P256Key& key) {
  by_bytes(archive.keys);
  by_bytes(archive.revised);
  const std::string keys = keys_file(archive);
  const zip::Entry entries[] = {{std::string(keys_name), keys}, {std::string(signatures_name), signatures_file(archive, key.sign(keys, crypto::EcdsaForm::der))}};
  return zip::write(entries);
}

Result<Archive> read_archive(std::string_view bytes, const crypto::P256PublicKey* key) {
  TRY_ASSIGN(const auto entries, zip::read(bytes, {.entries_max = 4, .entry_bytes_max = archive_bytes_max}));
  const auto find = [&](std::string_view name) { return std::find_if(entries.begin(), entries.end(), [&](const zip::Entry& e) { return e.name == name; }); };
  const auto keys = find(keys_name), signatures = find(signatures_name);
  if (keys == entries.end() || signatures == entries.end() || !keys->bytes.starts_with(export_header)) return damaged();
  if (key != nullptr) TRY(check_signature(signatures->bytes, keys->bytes, *key));
  Archive archive;
  for (wire::Reader reader(std::string_view(keys->bytes).substr(export_header.size())); !reader.done();) {
    TRY_ASSIGN(const auto field, reader.next());
    TRY(read_field(field, archive));
  }
  return archive;
}

}  // namespace motcua::exposure
