#!/usr/bin/python3
"""The sample letter by ReportLab, the fast way: what is the same in every letter is one form a page, drawn once; what
differs is drawn at fixed places. Usage: reportlab_letters.py DATA.tsv CREST.png OUT.pdf"""
import sys

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = "/usr/share/fonts/truetype/liberation2/LiberationSans-"
LEFT, RIGHT, WIDTH = 20 * mm, 188 * mm, 168 * mm
ROWS = [
    "Løn og anden indkomst", "Pension og ydelser fra det offentlige", "Arbejdsmarkedsbidrag, 8 procent", "Personlig indkomst",
    "Renteindtægter", "Renteudgifter", "Fradrag for kørsel mellem hjem og arbejde", "Fradrag for fagforening",
    "Beskæftigelsesfradrag", "Skattepligtig indkomst", "Beregnet skat", "Skat, du har betalt i årets løb",
]
INTRO = ("Din årsopgørelse er klar. Den viser, hvad du tjente i 2025, hvilke fradrag du fik, og hvad du har betalt i skat. "
         "Tallene kommer fra din arbejdsgiver, din bank, din pensionskasse og andre, som har pligt til at give os besked. "
         "Gennemgå tallene. Det er dit ansvar, at de er rigtige.")
OWES = ("Du har betalt for lidt i skat. Du skal betale {} kr. i restskat. Beløbet skal være betalt senest den {}. Betaler du før "
        "den dag, sparer du en del af renten. Du kan også vælge at betale i tre rater, eller at få op til et fast beløb indregnet "
        "i din forskudsopgørelse for næste år, så det trækkes lidt efter lidt.")
GETS = ("Du har betalt nok i skat. Du får {} kr. tilbage. Er beløbet over nul, står pengene på din NemKonto senest den {}. Du "
        "skal ikke gøre noget. Vi beder dig aldrig om at oplyse dit kontonummer eller dine koder i en e-mail eller en sms.")
AFTER = ("Beløb med minus foran er trukket fra. Skatten er regnet af indkomsten, efter at dit personfradrag er trukket fra. "
         "Satserne er dem, der gælder for 2025 i din kommune.")
SECOND = [
    "• Har du fået fradrag for kørsel, og passer antallet af dage? Hjemmedage, ferie og sygdom tæller ikke med.",
    "• Er renterne af dine lån rigtige? Har I lån sammen, skal de være delt mellem jer.",
    "• Har du haft indkomst fra udlandet, fra udlejning eller fra salg af ting, som vi ikke kender til?",
    "Er noget forkert?",
    "1. Find din årsopgørelse i selvbetjeningen, og vælg Ret årsopgørelsen.",
    "2. Skriv de rigtige tal. Du ser straks, hvad ændringen betyder for din skat.",
    "3. Godkend. Du får en ny årsopgørelse, som gælder i stedet for denne.",
    "Du kan rette til og med den 1. maj 2026. Det gælder også fradrag, du har glemt. Gem dine kvitteringer og aftaler; vi kan "
    "bede om at se dem i indtil fem år.",
    "Kan du ikke bruge selvbetjeningen, kan du få hjælp af en, du har givet fuldmagt, eller i borgerservice i din kommune. Tag "
    "dette brev og legitimation med.",
    "Vil du klage over årsopgørelsen, skal du først bede os se på sagen igen. Er du stadig ikke enig, kan du klage til "
    "Skatteankestyrelsen senest tre måneder efter, at du har fået vores svar.",
    "Venlig hilsen",
    "Skattestyrelsen",
]


def lines(canvas, text, y, font="Regular", size=10.5, leading=14.5):
    canvas.setFont(font, size)
    for line in simpleSplit(text, font, size, WIDTH):
        canvas.drawString(LEFT, y, line)
        y -= leading
    return y


def forms(canvas, crest):
    canvas.beginForm("first")
    canvas.setFont("Bold", 15)
    canvas.drawString(LEFT, 780, "Skattestyrelsen")
    canvas.drawImage(crest, RIGHT - 48, 730, 48, 66, mask=None)
    canvas.setFont("Regular", 7)
    canvas.drawString(LEFT, 720, "Skattestyrelsen · Sluseholmen 8B · 2450 København SV")
    canvas.setFont("Regular", 8.5)
    for i, line in enumerate(["Skattestyrelsen", "Sluseholmen 8B", "2450 København SV", "", "9. marts 2026"]):
        canvas.drawString(132 * mm, 700 - i * 11.5, line)
    canvas.setFont("Bold", 14)
    canvas.drawString(LEFT, 570, "Årsopgørelse for 2025")
    lines(canvas, INTRO, 525)
    lines(canvas, "Resultatet", 470, "Bold", 12)
    lines(canvas, "Sådan har vi regnet", 385, "Bold", 12)
    for i, row in enumerate(ROWS):
        canvas.setFont("Regular", 9.5)
        canvas.drawString(LEFT + 4, 365 - i * 18, row)
        canvas.line(LEFT, 359 - i * 18, RIGHT, 359 - i * 18)
    lines(canvas, AFTER, 135)
    lines(canvas, "Det skal du se efter", 95, "Bold", 12)
    lines(canvas, "• Er din løn den samme, som der står på årets sidste lønseddel?", 75)
    canvas.endForm()
    canvas.beginForm("second")
    canvas.setFont("Regular", 8.5)
    canvas.drawString(LEFT, 790, "Årsopgørelse for 2025")
    canvas.line(LEFT, 782, RIGHT, 782)
    y = 750
    for text in SECOND:
        y = lines(canvas, text, y) - 6
    canvas.endForm()


def main(data, crest, out):
    for name in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(name, f"{FONTS}{name}.ttf"))
    canvas = Canvas(out, pagesize=A4, pageCompression=0, invariant=1)
    forms(canvas, crest)
    pages = 0
    for record in open(data, encoding="utf-8"):
        name, street, town, owes, amount, date, *figures = record.rstrip("\n").split("\t")
        canvas.doForm("first")
        canvas.setFont("Regular", 10)
        canvas.drawString(LEFT, 697, name)
        canvas.drawString(LEFT, 685.7, street)
        canvas.drawString(LEFT, 674.4, town)
        canvas.setFont("Regular", 10.5)
        canvas.drawString(LEFT, 545, "Kære " + name)
        lines(canvas, (OWES if owes == "1" else GETS).format(amount, date), 450)
        canvas.setFont("Regular", 9.5)
        for i, figure in enumerate(figures):
            canvas.drawRightString(RIGHT - 4, 365 - i * 18, figure)
        canvas.showPage()
        canvas.doForm("second")
        canvas.setFont("Regular", 8.5)
        canvas.drawRightString(RIGHT, 790, "side 2 af 2")
        canvas.showPage()
        pages += 2
    canvas.save()
    print(pages)


main(*sys.argv[1:])
