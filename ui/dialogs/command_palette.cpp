#include "ui/dialogs/command_palette.h"

#include "ui/widgets/looks.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr QSize kSize{460, 360};
constexpr int kMargin = 8;

/// The name of a command on the left, its key on the right.
class CommandDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->setPen(selected ? option.palette.color(QPalette::HighlightedText)
                                 : quietText(option.palette));
        painter->drawText(option.rect.adjusted(kMargin, 0, -kMargin, 0),
                          Qt::AlignRight | Qt::AlignVCenter,
                          index.data(ActionModel::KeyRole).toString());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index).grownBy({0, 3, 0, 3});
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget* window)
    : QDialog(window)
    , m_text(new QLineEdit(this))
    , m_list(new QListView(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("Commands"));
    m_text->setObjectName(QStringLiteral("commandText"));
    m_text->setPlaceholderText(tr("Part of a command's name"));
    m_text->setAccessibleName(tr("Command"));
    m_text->setClearButtonEnabled(true);
    m_text->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("commandList"));
    m_list->setAccessibleName(tr("Commands found"));
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_actions.collect(window);
    m_found.setSourceModel(&m_actions);
    m_list->setModel(&m_found);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->addWidget(m_text);
    column->addWidget(m_list, 1);
    resize(kSize);
    connect(m_text, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListView::activated, this, &CommandPalette::run);
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    filter({});
    m_text->setFocus();
}

/// Every word must occur, wherever.
void CommandPalette::filter(const QString& text)
{
    QString pattern;
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        pattern += QStringLiteral("(?=.*%1)").arg(QRegularExpression::escape(word));
    m_found.setFilterRegularExpression(
        QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption));
    m_list->setCurrentIndex(m_found.index(0, 0));
}

void CommandPalette::choose(int by)
{
    if (m_found.rowCount() == 0) return;
    const int row = std::clamp(m_list->currentIndex().row() + by, 0, m_found.rowCount() - 1);
    m_list->setCurrentIndex(m_found.index(row, 0));
}

/// After it is gone, so that what the command opens belongs to the window.
void CommandPalette::run(const QModelIndex& index)
{
    QAction* const action = m_actions.actionAt(m_found.mapToSource(index).row());
    if (action == nullptr || !action->isEnabled()) return;
    QTimer::singleShot(0, action, &QAction::trigger);
    accept();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Up:
        choose(-1);
        return true;
    case Qt::Key_Down:
        choose(1);
        return true;
    case Qt::Key_PageUp:
        choose(-8);
        return true;
    case Qt::Key_PageDown:
        choose(8);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run(m_list->currentIndex());
        return true;
    default:
        return QDialog::eventFilter(watched, event);
    }
}

} // namespace bs::ui
