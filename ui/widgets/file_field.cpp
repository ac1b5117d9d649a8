#include "ui/widgets/file_field.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>

namespace bs::ui {

FileField::FileField(Mode mode, const QString& title, const QString& filter, QWidget* parent)
    : QWidget(parent)
    , m_mode(mode)
    , m_title(title)
    , m_filter(filter)
    , m_edit(new QLineEdit(this))
{
    m_edit->setAccessibleName(title);
    auto* const button = new QPushButton(tr("Browse..."), this);
    button->setToolTip(title);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_edit, 1);
    row->addWidget(button);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &FileField::changed);
    connect(button, &QPushButton::clicked, this, &FileField::browse);
}

void FileField::browse()
{
    // Existing outputs are asked about in the dialog that owns this field.
    const QString path =
        m_mode == Mode::Open
            ? QFileDialog::getOpenFileName(this, m_title, this->path(), m_filter)
            : QFileDialog::getSaveFileName(this, m_title, this->path(), m_filter, nullptr,
                                           QFileDialog::DontConfirmOverwrite);
    if (!path.isEmpty()) m_edit->setText(path);
}

} // namespace bs::ui
