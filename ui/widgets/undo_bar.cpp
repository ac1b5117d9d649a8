#include "ui/widgets/undo_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace bs::ui {

UndoBar::UndoBar(const QString& name, const QString& tip, QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
{
    setObjectName(name + QStringLiteral("Bar"));
    setFrameShape(QFrame::StyledPanel);
    m_text->setObjectName(name + QStringLiteral("Text"));
    m_text->setWordWrap(true);
    auto* const button = new QPushButton(tr("Undo"), this);
    button->setObjectName(name);
    button->setToolTip(tip);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->addWidget(m_text, 1);
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, &UndoBar::undoRequested);
    hide();
}

void UndoBar::offer(const QString& sentence)
{
    m_text->setText(sentence);
    show();
}

} // namespace bs::ui
