Console.WriteLine("load run");
