#pragma once

#include <qnamespace.h>

namespace bs::ui {

/// What charts and CSV files ask of models beside the text that a table shows. The number itself,
/// without a unit and in no language, is Qt::EditRole; what has none shows its text there.
enum ChartRole {
    ValueRole = Qt::UserRole + 64, ///< double, what a chart draws; invalid: nothing there
    CardRole,                      ///< names and figures, a line each
    MarkRole,                      ///< a sign that stands on a cell; invalid: none
    PlaceRole,                     ///< double, where along x a row lies
    LabelRole,                     ///< what stands at x for it; empty: the number
};

} // namespace bs::ui
