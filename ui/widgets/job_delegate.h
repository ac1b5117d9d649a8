#pragma once

#include "ui/widgets/two_line_delegate.h"

namespace bs::ui {

/// A job in two lines, with a thin bar below them while it runs.
class JobDelegate : public TwoLineDelegate
{
    Q_OBJECT

public:
    explicit JobDelegate(QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace bs::ui
