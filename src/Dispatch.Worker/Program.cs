using System.Globalization;
using Dispatch.Worker.Commands;
using Dispatch.Worker.Diagnostics;

Libc.CloseToOthers();
Libc.HideMemory();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await DispatchCommand.RunAsync(args);
