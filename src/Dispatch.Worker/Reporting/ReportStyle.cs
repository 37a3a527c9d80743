namespace Dispatch.Worker.Reporting;

/// <summary>The report's style sheet: light, dark and print from one set of variables; nothing is fetched.</summary>
static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --page: #f4f6f8; --card: #fff; --ink: #16202c; --soft: #5a6878;
          --line: #dde3ea; --digital: #2468c9; --paper: #d9822b; --held: #7d52b8; --refused: #c43d4b;
          --open: #9aa7b5; --good: #1e7f4f; --bad: #b3261e; --label: #fff; }
        @media (prefers-color-scheme: dark) { :root { --page: #11161c; --card: #1a222b; --ink: #e8edf3;
          --soft: #9fadbd; --line: #2e3945; --digital: #5c9bf0; --paper: #eda355; --held: #ab86e0;
          --refused: #ea707c; --open: #5c6a79; --good: #58c48f; --bad: #f28b82; --label: #11161c; } }
        * { box-sizing: border-box; }
        body { margin: 0; padding: 40px 20px 60px; background: var(--page); color: var(--ink);
          font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
        main { max-width: 1040px; margin: 0 auto; }
        header { margin-bottom: 24px; }
        h1 { font-size: 30px; line-height: 1.2; margin: 4px 0 6px; letter-spacing: -.01em; }
        h2 { font-size: 18px; margin: 0 0 14px; }
        h3 { font-size: 15px; margin: 22px 0 6px; display: flex; align-items: center; gap: 8px; }
        h3:first-of-type { margin-top: 0; }
        .sender { color: var(--soft); font-weight: 600; }
        .facts { color: var(--soft); margin: 0; }
        .facts span + span::before { content: "·"; margin: 0 8px; }
        .state { display: inline-block; padding: 1px 10px; border-radius: 99px; border: 1px solid currentColor;
          font-size: 13px; font-weight: 600; color: var(--soft); vertical-align: 5px; margin-left: 8px; }
        .state.completed { color: var(--good); } .state.held, .state.refused, .state.cancelled { color: var(--bad); }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px;
          margin-bottom: 18px; break-inside: avoid; }
        section.long { break-inside: auto; }
        .verdict { display: flex; gap: 14px; align-items: center; font-size: 17px; font-weight: 600; }
        .verdict svg { flex: none; }
        .verdict.good { color: var(--good); } .verdict.bad { color: var(--bad); }
        .verdict small { display: block; font-weight: 400; font-size: 14px; color: var(--soft); }
        .split { width: 100%; height: auto; display: block; }
        .split text { font: 600 17px system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--label); }
        .legend { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 16px;
          margin-top: 18px; }
        .legend b { display: block; font-size: 24px; line-height: 1.25; }
        .legend span { color: var(--soft); }
        .dot { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 18px 24px;
          margin: 0; }
        .figures dt { color: var(--soft); } .figures dd { margin: 0; font-size: 22px; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
        th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
        tr:last-child td { border-bottom: 0; } tfoot td { font-weight: 600; border-top: 2px solid var(--line); }
        th:last-child, td:last-child { padding-right: 0; }
        .n { text-align: right; white-space: nowrap; } .s { white-space: nowrap; }
        .bars { table-layout: fixed; } .bars .w { width: 46%; } .bars .n { width: 13%; } .bars .s { width: 24%; }
        code { font: 12.5px ui-monospace, "Liberation Mono", Menlo, Consolas, monospace; color: var(--soft); }
        td code.name { color: var(--ink); overflow-wrap: anywhere; }
        .bar { display: block; height: 10px; border-radius: 3px; min-width: 2px; }
        .digital { background: var(--digital); fill: var(--digital); }
        .paper { background: var(--paper); fill: var(--paper); }
        .held-rows { background: var(--held); fill: var(--held); }
        .refused-rows { background: var(--refused); fill: var(--refused); }
        .open { background: var(--open); fill: var(--open); }
        summary { cursor: pointer; color: var(--soft); }
        .none { color: var(--soft); margin: 0; }
        footer { color: var(--soft); font-size: 13px; }
        @media print { @page { size: A4; margin: 14mm; }
          :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --digital: #2468c9;
            --paper: #d9822b; --held: #7d52b8; --refused: #c43d4b; --open: #9aa7b5; --good: #1e7f4f;
            --bad: #b3261e; --label: #fff; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          body { padding: 0; font-size: 11.5px; } section { padding: 12px 14px; margin-bottom: 10px; }
          .legend { grid-template-columns: repeat(5, 1fr); } .figures { grid-template-columns: repeat(4, 1fr); }
          h2, h3, thead { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
        """;
}
