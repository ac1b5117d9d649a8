#include "ui/widgets/two_line_delegate.h"

#include "ui/widgets/looks.h"

#include <QApplication>
#include <QLineEdit>
#include <QPainter>

namespace bs::ui {

namespace {

constexpr int kSide = 8;
constexpr int kTop = 5;

QFont smallFont(const QFont& font)
{
    QFont smaller = font;
    smaller.setPointSizeF(font.pointSizeF() * 0.88);
    return smaller;
}

} // namespace

TwoLineDelegate::TwoLineDelegate(int leadRole, int restRole, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_leadRole(leadRole)
    , m_restRole(restRole)
{
}

void TwoLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString title = item.text;
    item.text.clear();
    const QStyle* const style =
        item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const bool selected = (item.state & QStyle::State_Selected) != 0;
    const QRect area = item.rect.adjusted(kSide, kTop, -kSide, -kTop);
    const QFontMetrics large(item.font);
    const QFont font = smallFont(item.font);
    const QFontMetrics small(font);
    painter->save();
    painter->setFont(item.font);
    painter->setPen(item.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(area.left(), area.top() + large.ascent(),
                      large.elidedText(title, item.textElideMode, area.width()));
    QString below = index.data(m_leadRole).toString();
    const QString rest = index.data(m_restRole).toString();
    if (!rest.isEmpty()) below += QStringLiteral("  ·  ") + rest;
    painter->setFont(font);
    if (!selected) painter->setPen(quietText(item.palette));
    painter->drawText(area.left(), area.top() + large.height() + 1 + small.ascent(),
                      small.elidedText(below, Qt::ElideRight, area.width()));
    painter->restore();
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {80, QFontMetrics(option.font).height() + 1 +
                    QFontMetrics(smallFont(option.font)).height() + 2 * kTop};
}

void TwoLineDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    const auto* const line = qobject_cast<QLineEdit*>(editor);
    if (line == nullptr || !line->isModified()) QStyledItemDelegate::setEditorData(editor, index);
}

void TwoLineDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                           const QModelIndex&) const
{
    const int height = editor->sizeHint().height();
    editor->setGeometry(option.rect.left() + 2, option.rect.top() + 1, option.rect.width() - 4,
                        height);
}

} // namespace bs::ui
