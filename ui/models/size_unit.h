#pragma once

#include <QCoreApplication>
#include <QString>

namespace bs::ui {

/// What a size axis counts in.
enum class SizeUnit { Megabytes, Mebibytes, Bytes, BitsPerWeight };

struct SizeAxis
{
    SizeUnit unit = SizeUnit::Megabytes;
    qint64 parameters = 0; ///< of the model that is shown; 0: unknown, bits per weight become MB

    SizeUnit effective() const;
    double valueOf(qint64 bytes) const;
    QString label() const;
    /// A value on the axis as its tick says it.
    QString tick(double value) const;
    /// A size with its unit, for labels and cards.
    QString text(qint64 bytes) const;
    bool operator==(const SizeAxis&) const = default;

    Q_DECLARE_TR_FUNCTIONS(bs::ui::SizeAxis)
};

} // namespace bs::ui
