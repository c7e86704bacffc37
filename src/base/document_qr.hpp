#pragma once
// What the QR codes of other systems hold: documents and declarations that people already carry. Nothing here proves anything: these codes are not
// signed, a photograph of one is as good as the card.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/sex.hpp"
#include "base/time.hpp"

namespace motcua {

/// Citizen card with a chip (CCCD, 2021 on): number|old number|name|ddmmyyyy|Nam or Nữ|address|ddmmyyyy of issue, and what later cards add.
struct CitizenCardQr {
  std::string id_number, old_id_number;      // 12 digits; 9 or 12 digits, or empty
  std::string full_name, address;            // NFC
  PartialDate birth;
  Sex sex = Sex::unknown;
  std::optional<PartialDate> issued;
  friend bool operator==(const CitizenCardQr&, const CitizenCardQr&) = default;
};

/// Health insurance card (BHYT): number|name in hex|birth|1 or 2|address in hex|facility|from|to|...
struct InsuranceCardQr {
  std::string card_number;                   // two letters and 13 more characters, or 10 digits
  std::string full_name, address, facility;  // facility as it stands: "79 - 013"
  PartialDate birth;                         // a year only on many cards
  Sex sex = Sex::unknown;
  std::optional<PartialDate> from, to;
  friend bool operator==(const InsuranceCardQr&, const InsuranceCardQr&) = default;
};

/// A declaration somewhere else. `system`: "hcmc" (personal code of Ho Chi Minh City), "tokhaiyte", "vhd". The two latter never published what their
/// codes hold: the id is what the link carries as id or code; empty: the link leads to the site alone.
struct DeclarationQr {
  std::string system, id;
  friend bool operator==(const DeclarationQr&, const DeclarationQr&) = default;
};

/// Poster of a venue of Ho Chi Minh City.
struct VenueQr {
  std::string organisation, place, name;
  friend bool operator==(const VenueQr&, const VenueQr&) = default;
};

/// Paper code of Ho Chi Minh City, "<check digit>-<number>": the digit is the Luhn check digit of the number.
struct PaperCodeQr {
  std::string number;
  friend bool operator==(const PaperCodeQr&, const PaperCodeQr&) = default;
};

/// "MC1:...": a pass of an installation like this one.
struct PassQr {
  std::string text;
  friend bool operator==(const PassQr&, const PassQr&) = default;
};

/// "MCC:..." : a card printed by an installation like this one. 130 bits in 26 letters of base32 (Crockford, lower case), of which nobody can tell anything.
struct CardQr {
  std::string token;
  friend bool operator==(const CardQr&, const CardQr&) = default;
};

using DocumentQr = std::variant<CitizenCardQr, InsuranceCardQr, DeclarationQr, VenueQr, PaperCodeQr, PassQr, CardQr>;

inline constexpr std::size_t document_qr_bytes_max = 4096;   // a QR code holds at most 2,953 bytes

/// Failures: document_qr.too_long, document_qr.unknown (none of the above), document_qr.damaged (one of them, but `field` of it cannot be read).
/// They hold nothing of the text.
Result<DocumentQr> parse_document_qr(std::string_view text);

/// A card's code as scanned or as typed from its front: with or without "MCC:", blanks and hyphens, capitals; o, i and l are 0, 1 and 1.
/// Failure document_qr.damaged (field token).
Result<CardQr> parse_card_code(std::string_view text);

/// The check digit that makes a number valid under ISO/IEC 7812-1, annex B (Luhn). Digits only.
char luhn_digit(std::string_view number);

}  // namespace motcua
