#pragma once

#include <QStyledItemDelegate>

namespace bs::ui {

/// A row with its text in the first line, and below it, standing back, what two other roles say.
/// The editor covers the first line, and what was typed into it stays when the row changes.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    TwoLineDelegate(int leadRole, int restRole, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

private:
    int m_leadRole;
    int m_restRole;
};

} // namespace bs::ui
